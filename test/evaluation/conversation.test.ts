import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { evaluate } from "../../src/evaluation/evaluate.js";
import type { EvaluateOptions } from "../../src/evaluation/evaluation.js";
import { resolveMethods } from "../../src/evaluation/methods/index.js";
import type { Problem } from "../../src/evaluation/problem.js";
import { scriptedModel } from "../../src/testing/index.js";
import type { Message } from "../../src/state/message.js";
import { temporaryFolder } from "../support/folder.js";

/** Conversations of two turns, as a data set reads them: each first turn before its second. */
function conversations(count: number): Problem[] {
  return Array.from({ length: count }, (_, i): Problem[] => [
    { id: `${i}#1`, family: "chat", task: { question: `First ${i}?` }, gold: null, about: { turn: "1" } },
    {
      id: `${i}#2`,
      family: "chat",
      task: { question: `Second ${i}?`, after: `${i}#1`, history: [{ role: "user", content: `First ${i}?` }] },
      gold: null,
      about: { turn: "2" },
    },
  ]).flat();
}

/** A model that tells its name and the question, and the prompts that it was asked with, less the system message. */
function speaker(name: string, fails: (question: string) => boolean = () => false) {
  const asked: Message[][] = [];
  const model = scriptedModel(
    ({ messages }) => {
      asked.push(messages.slice(1).map(({ role, content }) => ({ role, content }) as Message));
      const question = messages.at(-1)!.content;
      return fails(question) ? new Error("down") : `${name} on ${question}`;
    },
    { as: `test:${name}` },
  );
  return { model, asked };
}

async function run(options: Partial<EvaluateOptions> & { names?: string[]; fails?: (question: string) => boolean }) {
  const { names = ["large", "small"], fails, ...rest } = options;
  const [small, large] = [speaker("small"), speaker("large", fails)];
  const evaluation = await evaluate({
    data: "talks",
    problems: conversations(3),
    methods: resolveMethods(names),
    models: { small: small.model, large: large.model },
    tape: join(temporaryFolder(), "tape.sqlite"),
    attempts: 1,
    ...rest,
  });
  return { evaluation, small: small.asked, large: large.asked };
}

const second = (i: number) => [
  { role: "user", content: `First ${i}?` },
  { role: "assistant", content: `large on First ${i}?` },
  { role: "user", content: `Second ${i}?` },
];
const ending = (asked: Message[][], question: string) => asked.filter((one) => one.at(-1)!.content === question);

describe("a second turn", () => {
  it("is asked of every method after the large model's answer to the first", async () => {
    const { evaluation, small, large } = await run({});
    for (const i of [0, 1, 2]) {
      expect(ending(small, `Second ${i}?`)).toEqual([second(i)]);
      expect(ending(large, `Second ${i}?`)).toEqual([second(i)]);
    }
    expect(evaluation.problems.map(({ id }) => id)).toEqual(["0#1", "1#1", "2#1", "0#2", "1#2", "2#2"]);
    expect(evaluation.outcomes.get("small")!.map(({ value }) => value)).toEqual([
      ...[0, 1, 2].map((i) => `small on First ${i}?`),
      ...[0, 1, 2].map((i) => `small on Second ${i}?`),
    ]);
    expect(large).toHaveLength(6);
  });

  it("has that answer recorded also where the large model is no method, or the first turn is left out", async () => {
    const problems = conversations(2).filter(({ about }) => about["turn"] === "2");
    const { evaluation, small, large } = await run({ problems, names: ["small"] });
    expect(evaluation.problems).toHaveLength(2);
    expect(small).toEqual([second(0), second(1)]);
    expect(large.map((one) => one.at(-1)!.content)).toEqual(["First 0?", "First 1?"]);
  });

  it("is asked once, whichever way the evaluation was cut short before", async () => {
    const tape = join(temporaryFolder(), "tape.sqlite");
    const { evaluation: part } = await run({ tape, limits: { calls: 8 } });
    expect(part.stopped).toBe("budget");
    const { evaluation, large } = await run({ tape });
    expect(evaluation.problems).toHaveLength(6);
    const { large: again, small } = await run({ tape });
    expect([again, small]).toEqual([[], []]);
    expect(large.length).toBeLessThan(6);
  });

  it("is left out and named where the first was not answered", async () => {
    const { evaluation } = await run({ fails: (question) => question === "First 1?" });
    expect(evaluation.unasked).toEqual(["1#2"]);
    expect(evaluation.problems.map(({ id }) => id)).toEqual(["0#1", "1#1", "2#1", "0#2", "2#2"]);
    expect(evaluation.outcomes.get("large")!.map(({ status }) => status)).toEqual([
      "answered",
      "failed",
      "answered",
      "answered",
      "answered",
    ]);
  });

  it("counts in the worst case with a long conversation, and with the answers that it goes on from", async () => {
    let worst = { tokens: 0, calls: 0 };
    const problems = conversations(1).slice(1);
    await run({ problems, names: ["small"], onBegin: (begun) => void (worst = begun.worst) });
    expect(worst.calls).toBe(2);
    expect(worst.tokens).toBeGreaterThan(2 * 4096);
  });
});
