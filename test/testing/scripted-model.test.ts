import { describe, expect, it } from "vitest";
import { createCope, type CopeOptions, type Scorer } from "../../src/index.js";
import { failure, ScriptedModel, scriptedModel, type Script } from "../../src/testing/index.js";
import { plain } from "../support/plain-family.js";

const GOALS = { purpose: "goal", reply: "the goal" } as const;
const GUIDELINE = { purpose: "guideline", reply: "the advice" } as const;
const run = (small: Script, large: Script, more: CopeOptions = {}) =>
  createCope({ family: plain, small: scriptedModel(small), large: scriptedModel(large), ...more })
    .compile()
    .invoke({ question: "q" });

describe("a scripted model", () => {
  it("answers by stage, purpose and sample, in whatever order calls arrive", async () => {
    const small = scriptedModel([
      GOALS,
      { stage: "solo", purpose: "execute", replies: ["a", "b", "c", "d", "e", "f", "g", "h"] },
      { stage: "guided", purpose: "execute", replies: ["x", "y", "x", "x", "x"] },
    ]);
    const large = scriptedModel([GUIDELINE]);
    const { answer, stages } = await createCope({ family: plain, small, large, concurrency: 3 })
      .compile()
      .invoke({ question: "q" });
    expect(answer).toMatchObject({ value: "x", stage: "guided" });
    expect(stages[0]!.plans.map(({ text }) => text)).toEqual(Array(stages[0]!.drawn).fill("the goal"));
    expect(small.unused).toEqual([]);
    expect(large.asked).toMatchObject([{ stage: "guided", purpose: "guideline", turn: 1, attempt: 1 }]);
    expect(small.asked.filter(({ stage }) => stage === "guided").map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
  });

  it("knows the calls of a run with a seed, of later turns, and of stages of one's own", async () => {
    const small = new ScriptedModel([{ stage: "mine", turn: 1, reply: "42" }], { seed: 7 });
    const stages = [{ name: "mine", execute: { by: "small", samples: 1, temperature: 0 } }];
    const { answer } = await createCope({ family: plain, small, stages, seed: 7 }).compile().invoke({ question: "q" });
    expect(answer.value).toBe("42");
    expect(small.asked[0]).toMatchObject({ stage: "mine", index: 0, purpose: "execute" });
  });

  it("answers by what stands in the prompt", async () => {
    const { answer } = await run(
      [
        { prompt: /^plan/, reply: "g" },
        { prompt: "execute", reply: "42" },
      ],
      [],
    );
    expect(answer.value).toBe("42");
  });

  it("ends the run with a coded error where the script has no rule, or no reply left", async () => {
    await expect(run([GOALS], [])).rejects.toMatchObject({
      code: "SCRIPT_MISMATCH",
      message: expect.stringContaining("1/solo/"),
    });
    await expect(run([GOALS, { stage: "solo", replies: ["1", "2"] }], [])).rejects.toMatchObject({
      code: "SCRIPT_EXHAUSTED",
      message: expect.stringContaining("has 2 replies for 1/solo/"),
    });
    await expect(run([{ stage: "solo", reply: "1" }], [], { seed: 3 })).rejects.toThrow(/tell the scripted model/);
  });

  it("refuses a rule without a reply, or with two", () => {
    expect(() => scriptedModel([{ stage: "solo" }])).toThrow(expect.objectContaining({ code: "OPTIONS_INVALID" }));
    expect(() => scriptedModel([{ reply: "1", replies: ["1"] }])).toThrow(/OPTIONS_INVALID/);
  });

  it("hands on what is not by index in order of arrival, and keeps a call's place when it is tried again", async () => {
    const large = scriptedModel([
      { purpose: "guideline", replies: [{ attempts: [failure("server"), "second try"] }, "no"] },
    ]);
    const small = scriptedModel([
      GOALS,
      { stage: "solo", replies: ["a", "b", "c", "d", "e", "f", "g", "h"] },
      { stage: "guided", reply: "x" },
    ]);
    const { stages } = await createCope({ family: plain, small, large }).compile().invoke({ question: "q" });
    expect(stages[1]!.plans[0]!.text).toBe("second try");
    expect(large.asked.map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  it("fails as real ones do: what is tried again, what fails a sample, what ends the run", async () => {
    const first = async (reply: Error) => {
      const small = scriptedModel([GOALS, { stage: "solo", replies: [reply, ...Array<string>(7).fill("42")] }]);
      const graph = createCope({ family: plain, small, large: scriptedModel([]), attempts: 2 }).compile();
      const { answer, calls } = (await graph.invoke({ question: "q" }, { outputKeys: ["answer", "calls"] })) as any;
      const rows = calls.filter(({ call }: { call: string }) => call === "1/solo/0/execute");
      return [answer.value, ...rows.map(({ error }: { error: string }) => error)];
    };
    expect(await first(failure("rate-limited"))).toEqual(["42", "RATE_LIMITED", "RATE_LIMITED"]);
    expect(await first(failure("timeout"))).toEqual(["42", "TIMEOUT", "TIMEOUT"]);
    expect(await first(failure("connection"))).toEqual(["42", "CONNECTION_LOST", "CONNECTION_LOST"]);
    expect(await first(failure("server", { retryAfter: 0 }))).toEqual(["42", "SERVER_FAILED", "SERVER_FAILED"]);
    expect(await first(failure("refused"))).toEqual(["42", "REFUSED"]);
    expect(await first(failure("too-long"))).toEqual(["42", "CONTEXT_OVERFLOW"]);
    await expect(first(failure("wrong-key"))).rejects.toMatchObject({ code: "AUTH_REJECTED" });
  });

  it("poses as a known model, so that bills have its price, and states the tokens it is told to", async () => {
    const large = scriptedModel([{ reply: { text: "42", usage: { inputTokens: 1_000_000, outputTokens: 1 } } }], {
      as: "openai:gpt-4o",
    });
    const { ledger } = await createCope({ family: plain, large, stages: "large" }).compile().invoke({ question: "q" });
    expect(ledger.byRole["large"]).toMatchObject({ inputTokens: 1_000_000, usd: 2.50001 });
    const unpriced = await run([], [{ reply: { text: "42", usage: null } }], { stages: "large" });
    expect(unpriced.ledger.byRole["large"]).toMatchObject({ model: "scripted:model", inputTokens: null, usd: null });
  });

  it("tells log-probabilities where it has them", async () => {
    const seen: unknown[] = [];
    const scorer: Scorer = ([sample]) => {
      seen.push(sample?.logprobs);
      return { low: 1, high: 1, winner: sample!.id, why: "looked" };
    };
    await run([GOALS, { reply: { text: "42", logprobs: [-0.5, -0.25] } }], [], { scorer });
    expect(seen[0]).toEqual([-0.5, -0.25]);
  });
});
