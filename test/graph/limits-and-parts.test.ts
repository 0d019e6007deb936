import { describe, expect, it } from "vitest";
import { createCope, type CopeOptions, type Scorer } from "../../src/index.js";
import { answering, FakeModel, httpError, isPlan } from "../support/fake-model.js";
import { plain } from "../support/plain-family.js";

const ask = (options: CopeOptions, input: object = {}) =>
  createCope({ family: plain, ...options })
    .compile()
    .invoke({ question: "q", ...input } as never);

/** Never agrees with itself. */
const torn = () => new FakeModel((asked) => (isPlan(asked) ? "goal" : String(asked.seed)));

describe("a limit that ends a run", () => {
  it("in the takeover's call is told as `stopped`, and the best earlier answer stands", async () => {
    const large = new FakeModel((asked) => (isPlan(asked) ? "advice" : new Promise(() => {})));
    const { answer, stages } = await ask({ small: torn(), large, budget: { ms: 500 } });
    expect(answer).toMatchObject({ stopped: "timeout" });
    expect(answer.fallbackFrom).toBeUndefined();
    expect(["solo", "guided"]).toContain(answer.stage);
    expect(stages.at(-1)).toMatchObject({ name: "takeover", decision: "stopped" });
  });

  it("in the last wave of a voting last stage is told, too", async () => {
    const small = new FakeModel((asked) => (isPlan(asked) ? "goal" : asked.count < 3 ? "a" : new Promise(() => {})));
    const { answer } = await ask({ small, large: answering("x"), stages: "majority", budget: { ms: 400 } });
    expect(answer).toMatchObject({ value: "a", stopped: "timeout" });
  });

  it("cannot be lifted at run time, only made tighter", async () => {
    const run = async (budget: object) =>
      (await ask({ small: torn(), large: answering("x"), budget: { calls: 6 } }, { options: { budget } })).ledger.calls;
    expect(await run({ ms: 100_000 })).toBeLessThanOrEqual(6);
    expect(await run({ calls: 100 })).toBeLessThanOrEqual(6);
    expect(await run({ calls: 3 })).toBeLessThanOrEqual(3);
  });
});

describe("a planner that fails", () => {
  it("leaves its server's reason in the error where nothing was answered", async () => {
    const down = () =>
      new FakeModel(() => Promise.reject(Object.assign(httpError(503), { message: "paused by its owner" })));
    await expect(ask({ small: down(), large: down(), attempts: 1 })).rejects.toThrow(/paused by its owner/);
  });

  it("of a last stage's guideline is told once, and the earlier stage answers", async () => {
    const large = new FakeModel(() => Promise.reject(httpError(503)));
    const { answer, stages } = await ask({ small: torn(), large, stages: "cope:s1s2", attempts: 1 });
    expect(answer).toMatchObject({ stage: "solo", fallbackFrom: "guided" });
    expect(stages.at(-1)).toMatchObject({ drawn: 8, decision: "last" });
    expect(stages.at(-1)!.why).toMatch(/8 failed: an earlier stage has to answer/);
  });
});

describe("parts of one's own that are at fault", () => {
  it.each<[string, ReturnType<Scorer>]>([
    ["a confidence that is no number", { low: Number.NaN, high: 1, why: "" }],
    ["a confidence beyond 1", { low: 0, high: 2, why: "" }],
    ["an interval the wrong way round", { low: 0.9, high: 0.1, why: "" }],
    ["a winner that is no sample", { low: 1, high: 1, winner: "nobody", why: "" }],
  ])("%s is a coded error", async (_, confidence) => {
    const scorer: Scorer = () => confidence;
    await expect(ask({ small: torn(), large: answering("x"), scorer })).rejects.toMatchObject({
      code: "SCORER_INVALID",
    });
  });

  it("a family that lacks a part is refused at construction, by the part's name", () => {
    const { task: _, ...lacking } = plain;
    expect(() => createCope({ family: lacking as never })).toThrow(/task/);
  });

  it("prompts with one limit of their own keep the family's others", async () => {
    const prompts = { limits: { execute: { maxTokens: 7 } } } as never;
    const { answer } = await ask({ small: answering("42"), large: answering("x"), prompts });
    expect(answer.value).toBe("42");
  });
});

describe("models", () => {
  it("a large model that no stage asks is still compared with, without its key", async () => {
    const large = "openai:gpt-4o";
    const { ledger } = await ask({ small: answering("42"), large, stages: "majority" });
    expect(ledger.ifLargeAlone.usd).toBeGreaterThan(0);
  });

  it("context's `small` beats `models.small` of the options", async () => {
    const input = { options: { models: { small: "nobody:a" } } };
    const run = createCope({ family: plain, large: answering("x") })
      .compile()
      .invoke({ question: "q", ...input } as never, { context: { small: "noone:b" } });
    await expect(run).rejects.toThrow(/"noone"/);
  });
});
