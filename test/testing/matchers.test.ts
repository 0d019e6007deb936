import { describe, expect, it } from "vitest";
import { createCope } from "../../src/index.js";
import { copeMatchers, scriptedModel, type CopeMatchers } from "../../src/testing/index.js";
import { plain } from "../support/plain-family.js";

expect.extend(copeMatchers);
declare module "vitest" {
  // eslint-disable-next-line no-unused-vars -- the parameters must be named as vitest names them
  interface Matchers<R, T> extends CopeMatchers<R> {}
}

const small = scriptedModel(
  [
    { purpose: "goal", reply: "the goal" },
    { stage: "solo", replies: ["a", "b", "c", "d", "e", "f", "g", "h"] },
    { stage: "guided", reply: "x" },
  ],
  { as: "ollama:qwen3:4b" },
);
const large = scriptedModel([{ purpose: "guideline", reply: "the advice" }], { as: "openai:gpt-4o" });
const run = await createCope({ family: plain, small, large }).compile().invoke({ question: "q" });

describe("the matchers", () => {
  it("hold for what a run did", () => {
    expect(run).toHaveEndedIn("guided");
    expect(run).toHaveAnswered("x");
    expect(run).toHaveAsked({ large: 1, nobody: 0 });
    expect(run).toHaveDrawn({ solo: run.stages[0]!.drawn, guided: 4, takeover: 0 });
    expect(run).toHaveCostAtMost(0.001);
  });

  it("do not hold for what it did not do, and say what it did", () => {
    expect(() => expect(run).toHaveEndedIn("solo")).toThrow(/to end in "solo"; it ended in "guided" \(.*agree/);
    expect(() => expect(run).toHaveAnswered(null)).toThrow('to answer null; it answered "x"');
    expect(() => expect(run).toHaveAsked({ large: 2 })).toThrow(/to ask large: 2; it asked small: \d+, large: 1/);
    expect(() => expect(run).toHaveDrawn({ guided: 8 })).toThrow(/to draw guided: 8; it drew solo: \d, guided: 4/);
    expect(() => expect(run).toHaveCostAtMost(0)).toThrow(/to cost at most 0 USD; it cost 0.0/);
  });

  it("can be turned round", () => {
    expect(run).not.toHaveEndedIn("solo");
    expect(() => expect(run).not.toHaveEndedIn("guided")).toThrow(/not to end in "guided"/);
  });

  it("take an unknown bill neither for cheap nor for dear", () => {
    const unknown = { ...run, ledger: { ...run.ledger, usd: null } };
    expect(() => expect(unknown).toHaveCostAtMost(1)).toThrow("[PRICE_UNKNOWN]");
    expect(() => expect(unknown).not.toHaveCostAtMost(1)).toThrow("[PRICE_UNKNOWN]");
  });

  it("refuse what is no run, also when turned round", () => {
    expect(() => expect(undefined).not.toHaveEndedIn("solo")).toThrow("[OPTIONS_INVALID]");
    expect(() => expect({}).not.toHaveAnswered("x")).toThrow("[OPTIONS_INVALID]");
  });
});
