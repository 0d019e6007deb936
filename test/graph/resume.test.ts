import { MemorySaver, type BaseCheckpointSaver } from "@langchain/langgraph";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createCope, memoryJournal, openSaver, type CopeOptions } from "../../src/index.js";
import { bySample, UNLIKE } from "../support/by-sample.js";
import { answering, FakeModel, isPlan, type Asked } from "../support/fake-model.js";
import { mortal } from "../support/mortal.js";
import { plain } from "../support/plain-family.js";

const config = { configurable: { thread_id: "t" } };

const savers: [string, () => Promise<BaseCheckpointSaver>][] = [
  ["MemorySaver", async () => new MemorySaver()],
  [
    "SQLite",
    async () => {
      const { saver, close } = await openSaver(":memory:");
      onTestFinished(close);
      return saver;
    },
  ],
];

const build = (saver: BaseCheckpointSaver, options: CopeOptions) =>
  createCope({ family: plain, ...options }).compile({ checkpointer: saver });

/** Takes a snapshot's word on whether its run still has something to do. */
const unfinished = (snapshot: { next: unknown[]; tasks: unknown[] }) =>
  snapshot.next.length + snapshot.tasks.length > 0;

/** A call by what is asked, so that the same call is recognised in another process. */
const callOf = ({ system, user, seed }: Asked) => JSON.stringify([system, user, seed]);

describe.each(savers)("a run resumed from %s", (_, open) => {
  it("keeps the options of its input, also when the first process died before the first node", async () => {
    const saver = await open();
    const first = build(saver, { small: answering("1"), large: answering("x") });
    const input = { question: "q", options: { seed: 7, samples: 3, thresholds: [1, 1] } };
    await first.invoke(input, { ...config, interruptBefore: ["intake"] });
    const second = build(saver, { small: answering("2"), large: answering("x") });
    await second.invoke(null, config);
    const { values } = await second.getState(config);
    expect(values.settings).toMatchObject({ seed: 7 });
    expect(values.stages).toMatchObject([{ planned: 3, threshold: 1 }]);
    expect(values.answer.value).toBe("2");
  });

  it("asks no answered call again after a death in the middle of a wave, and the ledger names the lost ones", async () => {
    const saver = await open();
    const journal = memoryJournal();
    const first = mortal(saver, journal);
    const answered: string[] = [];
    let started = 0;
    // Three samples of the second wave are answered; the others are under way when the process dies.
    const model = new FakeModel(async (asked) => {
      if (isPlan(asked)) return "goal";
      const place = started++;
      if (place >= 3) return new Promise<string>(() => {});
      answered.push(callOf(asked));
      return `answer ${place}`;
    });
    const graph = build(first.saver, { small: model, large: answering("x"), journal: first.journal });
    void graph.invoke({ question: "q" }, { ...config, durability: "sync" }).catch(() => {});
    await vi.waitFor(async () => {
      const entries = await journal.list("t");
      expect(
        entries.filter(({ call, attempt }) => call.endsWith("execute") && attempt.state === "answered"),
      ).toHaveLength(3);
      expect(
        entries.filter(({ call, attempt }) => call.endsWith("execute") && attempt.state === "intent"),
      ).toHaveLength(3);
    });
    first.die();
    const asked = new Set(model.asked.filter(isPlan).map(callOf).concat(answered));

    const small = answering("answer 0");
    const resumed = build(saver, { small, large: answering("x"), journal });
    expect(unfinished(await resumed.getState(config))).toBe(true);
    await resumed.invoke(null, config);
    expect(small.asked.filter((call) => asked.has(callOf(call)))).toEqual([]);
    const { values } = await resumed.getState(config);
    expect(values.answer).toMatchObject({ value: "answer 0", stage: "solo" });
    expect(values.samples.filter(({ text }: { text: string }) => /[12]/.test(text))).toHaveLength(2);
    expect(values.ledger.byRole.small.lost).toBe(3);
    // Goals and answers of the eight samples, and the three that may have been billed before.
    expect(values.ledger.calls).toBe(8 + 8 + 3);
  });

  it("stays within its budget of calls, those included that were lost", async () => {
    const saver = await open();
    const journal = memoryJournal();
    const first = mortal(saver, journal);
    const silent = new FakeModel(() => new Promise<string>(() => {}));
    const options = { budget: { calls: 4 }, large: answering("l") };
    const graph = build(first.saver, { ...options, small: silent, journal: first.journal });
    void graph.invoke({ question: "q" }, { ...config, durability: "sync" }).catch(() => {});
    await vi.waitFor(() => expect(silent.asked).toHaveLength(2));
    first.die();
    const resumed = build(saver, { ...options, small: answering("s"), journal });
    await resumed.invoke(null, config);
    const { values } = await resumed.getState(config);
    expect(values.ledger.byRole.small.lost).toBe(2);
    expect(values.ledger.calls).toBe(4);
    // What was left went into a third sample: its goal and its answer.
    expect(values.answer).toMatchObject({ value: "s", stage: "solo", stopped: "budget" });
  });

  it("says so when the attempts that were lost have used up its budget, and sends nothing", async () => {
    const saver = await open();
    const journal = memoryJournal();
    const first = mortal(saver, journal);
    const silent = new FakeModel(() => new Promise<string>(() => {}));
    const stages = [{ name: "large", execute: { by: "large", samples: 1, temperature: 0 } }];
    const options = { budget: { calls: 1 }, small: answering("s"), stages };
    const graph = build(first.saver, { ...options, large: silent, journal: first.journal });
    void graph.invoke({ question: "q" }, { ...config, durability: "sync" }).catch(() => {});
    await vi.waitFor(() => expect(silent.asked).toHaveLength(1));
    first.die();
    const large = answering("l");
    const resumed = build(saver, { ...options, large, journal }).invoke(null, config);
    await expect(resumed).rejects.toMatchObject({
      code: "BUDGET_TOO_SMALL",
      remedy: expect.stringContaining("budget"),
    });
    expect(large.asked).toEqual([]);
  });

  it("is recognised as unfinished where `next` is empty: all writes are there, the checkpoint after them is not", async () => {
    const saver = await open();
    const stages = [{ name: "large", execute: { by: "large", samples: 1, temperature: 0 } }];
    const options = { small: answering("s"), large: answering("l"), stages };
    let died = false;
    const dying = new Proxy(saver, {
      get(target, name) {
        const value = Reflect.get(target, name) as unknown;
        if (typeof value !== "function") return value;
        const method = value.bind(target) as (...args: any[]) => unknown;
        if (name !== "put") return method;
        return (at: unknown, checkpoint: { channel_values: { answer?: unknown } }, ...rest: unknown[]) => {
          died ||= checkpoint.channel_values.answer !== undefined;
          return died ? Promise.reject(new Error("the disk is gone")) : method(at, checkpoint, ...rest);
        };
      },
    });
    await expect(build(dying, options).invoke({ question: "q" }, { ...config, durability: "sync" })).rejects.toThrow(
      "disk",
    );
    const graph = build(saver, options);
    const snapshot = await graph.getState(config);
    expect(snapshot.next).toEqual([]);
    expect(unfinished(snapshot)).toBe(true);
    await graph.invoke(null, config);
    const end = await graph.getState(config);
    expect(unfinished(end)).toBe(false);
    expect(end.values.answer.value).toBe("l");
    expect(options.large.asked).toHaveLength(1);
  });

  it("goes on from an interrupted stage with the goal and the guideline it had", async () => {
    const saver = await open();
    const answers = { solo: ["a", "b", "b", "d", "e", "f", "g", "h"], guided: UNLIKE.map(() => "right") };
    const first = build(saver, { small: bySample(answers), large: answering("never") });
    await first.invoke({ question: "q" }, { ...config, interruptBefore: ["guided_execute"] });
    const small = bySample(answers);
    const second = build(saver, { small, large: answering("never") });
    await second.invoke(null, config);
    expect(small.asked).toHaveLength(4);
    expect(new Set(small.asked.map(({ user }) => user))).toEqual(new Set(["q\ngoal=goal 1\nguideline=do q"]));
    expect((await second.getState(config)).values.answer).toMatchObject({ value: "right", stage: "guided" });
  });
});
