import type { BaseMessage } from "@langchain/core/messages";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { createCope, openSaver, sqliteJournal, type CopeOptions } from "../../src/index.js";
import { FakeModel, isPlan, type Asked } from "../support/fake-model.js";
import { temporaryFolder } from "../support/folder.js";
import { mortal } from "../support/mortal.js";
import { plain } from "../support/plain-family.js";

const config = { configurable: { thread_id: "t" } };
const ROOM = 500;

/** A model whose name does not say that it thinks: without room it thinks all its tokens away. It answers by what it is asked alone. */
class Thinker extends FakeModel {
  /** Everything it was sent, limits included. */
  readonly sent: string[] = [];
  readonly #limits: number[] = [];

  /** @param lives - calls that it answers before it is silent for ever */
  constructor(lives = Number.POSITIVE_INFINITY) {
    super((asked) => {
      if (asked.count >= lives) return new Promise<string>(() => {});
      return this.#limits[asked.count]! < ROOM ? "<think>\nhm" : `<think>\nhm\n</think>\n${said(asked)}`;
    });
  }

  override _generate(messages: BaseMessage[], options: this["ParsedCallOptions"]) {
    const { maxTokens, seed } = options as { maxTokens: number; seed: number };
    this.#limits.push(maxTokens);
    this.sent.push(JSON.stringify([messages.map(({ text }) => text), seed, maxTokens]));
    return super._generate(messages, options);
  }
}

const said = (asked: Asked) => (isPlan(asked) ? `plan ${asked.seed % 97}` : `answer ${asked.seed % 97}`);

/** One life of a process: its own connection to the same files. */
async function open(folder: string, small: Thinker, large: Thinker) {
  const saved = await openSaver(join(folder, "threads.sqlite"));
  onTestFinished(saved.close);
  const process = mortal(saved.saver, sqliteJournal(join(folder, "journal.sqlite")));
  const options: CopeOptions = { family: plain, small, large, samples: 3, thinking: { tokens: ROOM } };
  const graph = createCope({ ...options, journal: process.journal }).compile({ checkpointer: process.saver });
  return { graph, process };
}

const answered = async (folder: string) =>
  (await sqliteJournal(join(folder, "journal.sqlite")).list("t")).filter(({ attempt }) => attempt.state === "answered")
    .length;

it("a run whose models were seen to think goes on after a kill at any call: nothing that was answered is asked again", async () => {
  const whole = { small: new Thinker(), large: new Thinker() };
  const first = await open(temporaryFolder(), whole.small, whole.large);
  const { answer } = await first.graph.invoke({ question: "q" }, config);
  const sent = [...whole.small.sent, ...whole.large.sent];
  expect(new Set(sent).size).toBe(sent.length);
  expect(answer.stage).toBe("takeover");
  const { settings } = (await first.graph.getState(config)).values;
  expect(settings.thinking).toEqual({ tokens: ROOM, rooms: { small: ROOM, large: ROOM } });

  const total = whole.small.sent.length;
  for (const [lives, of] of [
    ...Array.from({ length: total }, (_, i) => [i, "small"] as const),
    ...whole.large.sent.map((_, i) => [i, "large"] as const),
  ]) {
    const folder = temporaryFolder();
    const models = {
      small: new Thinker(of === "small" ? lives : undefined),
      large: new Thinker(of === "large" ? lives : undefined),
    };
    const killed = await open(folder, models.small, models.large);
    void killed.graph.invoke({ question: "q" }, { ...config, durability: "sync" }).catch(() => {});
    await vi.waitFor(async () => {
      expect(models[of].sent.length).toBeGreaterThan(lives);
      const hanging = models[of].sent.length - lives;
      expect(await answered(folder)).toBe(models.small.sent.length + models.large.sent.length - hanging);
    });
    killed.process.die();
    const before = new Set([...models.small.sent, ...models.large.sent]);
    const lost = new Set(models[of].sent.slice(lives));

    const again = { small: new Thinker(), large: new Thinker() };
    const resumed = await open(folder, again.small, again.large);
    await resumed.graph.invoke(null, config);
    const asked = [...again.small.sent, ...again.large.sent];
    expect(asked.filter((request) => before.has(request) && !lost.has(request))).toEqual([]);
    expect(new Set([...before, ...asked])).toEqual(new Set(sent));
    const { values } = await resumed.graph.getState(config);
    expect(values.answer).toMatchObject({ value: answer.value, stage: "takeover" });
    expect(values.settings.thinking).toEqual(settings.thinking);
  }
});
