import { describe, expect, it } from "vitest";
import { createCope, type CopeOptions } from "../../src/index.js";
import { bySample, UNLIKE } from "../support/by-sample.js";
import { FakeModel } from "../support/fake-model.js";
import { plain } from "../support/plain-family.js";

/** Five of eight for "right": below the threshold of 0.75. */
const SOLO = ["right", "right", "right", "right", "right", "b", "c", "d"];
const large = () => new FakeModel(({ system }) => (system.startsWith("plan") ? "advice" : "taken over"));

async function run(guided: readonly string[], options: CopeOptions = {}) {
  const small = bySample({ solo: SOLO, guided });
  const graph = createCope({ family: plain, small, large: large(), ...options }).compile();
  const { answer, stages } = await graph.invoke({ question: "q" });
  return { answer, guided: stages[1]!, drawn: stages[1]!.drawn };
}

/** Four for another answer at once: enough to accept at 0.5. */
const four = (rest: readonly string[]) => ["wrong", "wrong", "wrong", "wrong", ...rest];

describe("a guided stage with another answer than the unguided one", () => {
  it("is accepted without the guard, and the report says what it replaced", async () => {
    const { answer, guided, drawn } = await run(four(UNLIKE.slice(0, 4)));
    expect(answer).toMatchObject({ value: "wrong", stage: "guided" });
    expect(guided).toMatchObject({
      decision: "accept",
      flip: { stage: "solo", value: "right", confidence: 5 / 8, guarded: false },
    });
    expect(drawn).toBeLessThanOrEqual(8);
  });

  it("hands over with the guard when it is less sure, and the report says so", async () => {
    const { answer, guided } = await run(four(UNLIKE.slice(0, 4)), { harmGuard: true });
    expect(answer).toMatchObject({ value: "taken over", stage: "takeover" });
    expect(guided).toMatchObject({ decision: "escalate", drawn: 8, confidence: 4 / 8, flip: { guarded: true } });
    expect(guided.why).toContain('less sure than stage "solo" was of another answer (0.625)');
  });

  it("draws what is left before it is called less sure, and is accepted when it is not", async () => {
    const { answer, guided } = await run(four(["wrong", "wrong", "x", "y"]), { harmGuard: true });
    expect(answer).toMatchObject({ value: "wrong", stage: "guided", confidence: 6 / 8 });
    expect(guided).toMatchObject({ decision: "accept", drawn: 8, flip: { guarded: false } });
  });

  it("is no matter of the guard where it repeats the answer", async () => {
    const guided = await run(["right", "right", "right", "right", ...UNLIKE.slice(0, 4)], { harmGuard: true });
    expect(guided.answer).toMatchObject({ value: "right", stage: "guided", confidence: 4 / 8 });
    expect(guided.guided.flip).toBeUndefined();
  });

  it("leaves the unguided answer where no stage is left to decide", async () => {
    const list = { stages: "cope:s1s2" as const, harmGuard: true };
    const { answer, guided } = await run(four(UNLIKE.slice(0, 4)), list);
    expect(answer).toMatchObject({ value: "right", stage: "solo", confidence: 5 / 8, fallbackFrom: "guided" });
    expect(guided).toMatchObject({ decision: "last", flip: { guarded: true } });
    const without = await run(four(UNLIKE.slice(0, 4)), { stages: "cope:s1s2" });
    expect(without.answer).toMatchObject({ value: "wrong", stage: "guided" });
  });

  it("is not what answers when the stage that it handed over to fails", async () => {
    const broken = new FakeModel(({ system }) => {
      if (system.startsWith("plan")) return "advice";
      throw Object.assign(new Error("busy"), { status: 503 });
    });
    const { answer } = await run(four(UNLIKE.slice(0, 4)), { harmGuard: true, large: broken, attempts: 1 });
    expect(answer).toMatchObject({ value: "right", stage: "solo", fallbackFrom: "takeover" });
  });

  it("can be asked for when a run is started", async () => {
    const small = bySample({ solo: SOLO, guided: four(UNLIKE.slice(0, 4)) });
    const graph = createCope({ family: plain, small, large: large() }).compile();
    const { answer } = await graph.invoke({ question: "q", options: { harmGuard: true } });
    expect(answer.stage).toBe("takeover");
  });
});
