import { describe, expect, it } from "vitest";
import { CopeError, createCope, type CopeOptions } from "../../src/index.js";
import { UNLIKE, bySample } from "../support/by-sample.js";
import { answering, FakeModel, httpError, isPlan } from "../support/fake-model.js";
import { plain } from "../support/plain-family.js";

const run = (options: CopeOptions, config: object = {}) =>
  createCope({ family: plain, attempts: 1, ...options })
    .compile()
    .invoke({ question: "q" }, config);

/** A model whose plans fail and whose answers do not. */
const planless = (answer: string) =>
  new FakeModel((asked) => {
    if (isPlan(asked)) throw httpError(503);
    return answer;
  });

describe("a planner that fails", () => {
  it("of every goal leads to the next stage, once, without a paid execution", async () => {
    const small = new FakeModel((asked) => {
      if (isPlan(asked)) throw httpError(503);
      return "right";
    });
    const { answer, stages, ledger } = await run({ small, large: answering("x") });
    expect(answer).toMatchObject({ value: "right", stage: "guided" });
    expect(stages[0]).toMatchObject({ name: "solo", drawn: 6, decision: "escalate", plans: [] });
    expect(small.asked.filter((asked) => !isPlan(asked)).every(({ user }) => user.includes("guideline="))).toBe(true);
    // Six goals of one wave and nothing twice, then one guideline and four guided samples.
    expect(ledger.calls).toBe(6 + 1 + 4);
  });

  it("of some goals costs those samples only", async () => {
    const small = new FakeModel((asked) => {
      if (isPlan(asked) && asked.count % 4 === 0) throw httpError(503);
      return isPlan(asked) ? "goal" : "right";
    });
    const { answer, stages } = await run({ small, large: answering("x") });
    expect(answer).toMatchObject({ value: "right", stage: "solo" });
    expect(stages[0]!.why).toContain("failed");
  });

  it("of the one guideline leads to the last stage, which answers without it", async () => {
    const small = bySample({ solo: UNLIKE });
    const { answer, stages } = await run({ small, large: planless("saved") });
    // Goals and answers of one wave of six, and nothing of the guided stage.
    expect(small.asked).toHaveLength(12);
    expect(answer).toMatchObject({ value: "saved", stage: "takeover" });
    expect(stages.map(({ name, decision }) => [name, decision])).toEqual([
      ["solo", "escalate"],
      ["guided", "escalate"],
      ["takeover", "last"],
    ]);
  });
});

describe("what ends a run", () => {
  it.each([401, 400])("a wave of eight that meets one %i is one error, not a list of eight", async (status) => {
    const small = new FakeModel(() => Promise.reject(httpError(status)));
    const error = await run({ small, large: answering("x") }).catch((thrown: unknown) => thrown);
    expect(CopeError.isInstance(error)).toBe(true);
    expect(error).not.toBeInstanceOf(AggregateError);
    expect((error as Error).message.match(/Remedy:/g)).toHaveLength(1);
  });

  it("without an answer tells what was spent on it", async () => {
    const [small, large] = [new FakeModel(() => Promise.reject(httpError(503))), answering("")];
    const error = await run({ small, large, stages: "majority" }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "SERVER_FAILED", spent: { calls: small.asked.length, tokens: 0, usd: 0 } });
  });

  it("one failing sample leaves its siblings alone: their answers are kept", async () => {
    const answers = ["a", httpError(500), "a", "a", "a", "a", "a", "b"];
    const { answer, stages } = await run({ small: bySample({ solo: answers }), large: answering("x") });
    expect(answer).toMatchObject({ value: "a", stage: "solo" });
    expect(stages[0]).toMatchObject({ drawn: 7, confidence: 0.75 });
  });

  it("an abort is rethrown as itself, and reaches the models' calls", async () => {
    const abort = new AbortController();
    const reason = new Error("stopped by hand");
    const signals: AbortSignal[] = [];
    const small = new FakeModel(({ signal }) => {
      signals.push(signal!);
      if (signals.length === 6) abort.abort(reason);
      return new Promise(() => {});
    });
    await expect(run({ small, large: answering("x") }, { signal: abort.signal })).rejects.toThrow("stopped by hand");
    expect(signals).toHaveLength(6);
    expect(signals.every(({ aborted }) => aborted)).toBe(true);
  });
});
