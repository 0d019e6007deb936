import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import {
  createCope,
  recommendedRecursionLimit,
  resolveStages,
  withRecursionLimit,
  type Ask,
  type Scorer,
  type StageInput,
} from "../../src/index.js";
import { answering, FakeModel } from "../support/fake-model.js";
import { plain } from "../support/plain-family.js";

/** Never content, and never sure of it before the third wave: the dearest run there is. */
const undecided: Scorer = Object.assign(
  (samples: readonly unknown[], { planned }: { planned: number }) => ({
    low: 0,
    high: samples.length < planned ? 1 : 0,
    why: "undecided",
  }),
  { missing: () => ({ toAccept: 1, toEscalate: 1 }) },
);

/** A run goes through every node at which a person could be asked, and has nothing to ask: no price is that high. */
const WATCHED: Ask = { guideline: true, spendingAbove: 1e9 };
const PRICES = { "fake:fake": { input: 1, output: 1 } };

/** Where guidelines are to be approved there is none to show, or the run would wait. */
const advisor = (ask?: Ask) => new FakeModel(({ system }) => (ask?.guideline && system.startsWith("plan") ? "" : "b"));
const cascade = (stages: readonly StageInput[] | string, ask?: Ask) =>
  createCope({
    family: plain,
    small: answering("a"),
    large: advisor(ask),
    stages,
    scorer: undecided,
    ask,
    prices: PRICES,
  }).compile({ checkpointer: new MemorySaver() });
const thread = { configurable: { thread_id: "t" } };

/** Super-steps of the dearest run, as LangGraph numbers them. */
async function stepsOf(stages: readonly StageInput[] | string, ask?: Ask): Promise<number> {
  let steps = 0;
  const config = { recursionLimit: 1000, ...thread, streamMode: "debug" as const };
  for await (const { step } of (await cascade(stages, ask).stream({ question: "q" }, config)) as AsyncIterable<any>) {
    steps = Math.max(steps, step);
  }
  return steps;
}

const goals = (name: string): StageInput => ({
  name,
  plan: { by: "small", kind: "goal" },
  sees: ["goal"],
  execute: { by: "small", samples: 8, temperature: 1 },
  accept: { threshold: 0.5 },
});
const guided = (name: string): StageInput => ({
  ...goals(name),
  plan: { by: "large", kind: "guideline" },
  sees: ["guideline"],
});
const end: StageInput = { name: "end", execute: { by: "large", samples: 1, temperature: 0 } };

const lists: [string, readonly StageInput[] | string, Ask?][] = [
  ["one plain call", "small"],
  ["a vote", "majority"],
  ["the paper's three stages", "cope"],
  ["a last stage that votes", "cope:s1s2"],
  ["guided first", "cope:s2s3"],
  ["five stages", [goals("a"), guided("b"), goals("c"), goals("d"), end]],
  ["three stages with approvals and gates", "cope", WATCHED],
  ["five stages with approvals and gates", [goals("a"), guided("b"), guided("c"), goals("d"), end], WATCHED],
  ["two stages with approvals alone", "cope:s2s3", { guideline: true }],
];

describe("the recommended recursion limit", () => {
  it.each(lists)("is just enough for %s at its dearest", async (_, stages, ask) => {
    const recommended = recommendedRecursionLimit(resolveStages(stages), ask);
    const steps = await stepsOf(stages, ask);
    const run = (recursionLimit: number) =>
      cascade(stages, ask).invoke({ question: "q" }, { ...thread, recursionLimit });
    // LangGraph wants one more than the steps taken.
    await expect(run(steps)).rejects.toThrow("Recursion limit");
    await expect(run(steps + 1)).resolves.toBeDefined();
    expect(recommended).toBeGreaterThanOrEqual(steps + 1);
    // A guideline that is to be approved ends the run for now; where there is none, its stage fails at once, two waves early.
    const shown = ask?.guideline ? resolveStages(stages).filter(({ plan }) => plan?.kind === "guideline").length : 0;
    expect(recommended - (steps + 1)).toBeLessThanOrEqual(1 + 4 * shown);
  });

  it("is enough where a budget cuts every wave", async () => {
    // Enough for some samples at their worst: what they do not need of it would let one small wave after the other fit.
    const recursionLimit = recommendedRecursionLimit(resolveStages("cope:direct"));
    for (const tokens of [200, 500, 1_000, 1_400]) {
      const config = { ...thread, recursionLimit, context: { budget: { tokens } } };
      await expect(cascade("cope:direct").invoke({ question: "q" }, config)).resolves.toMatchObject({
        answer: { value: expect.anything() },
      });
    }
  });

  it("of the paper's stages is below LangGraph's own, so that a plain invoke works", async () => {
    expect(recommendedRecursionLimit(resolveStages("cope"))).toBeLessThanOrEqual(25);
    await expect(cascade("cope").invoke({ question: "q" }, thread)).resolves.toBeDefined();
  });

  it("of a long list is above it, and is filled in where a server passes none", async () => {
    const long = resolveStages([goals("a"), guided("b"), goals("c"), goals("d"), end]);
    const events = async (graph: ReturnType<typeof cascade>, recursionLimit?: number) => {
      for await (const _ of graph.streamEvents({ question: "q" }, { ...thread, version: "v2", recursionLimit })) void _;
    };
    await expect(events(cascade(long))).rejects.toThrow("Recursion limit of 25");
    await expect(events(withRecursionLimit(cascade(long), long))).resolves.toBeUndefined();
    // One that the request names is the request's own business.
    await expect(events(withRecursionLimit(cascade(long), long), 10)).rejects.toThrow("Recursion limit of 10");
  });
});
