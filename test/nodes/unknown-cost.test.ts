import { describe, expect, it } from "vitest";
import { createCope, type CopeOptions } from "../../src/index.js";
import { httpError, FakeModel, isPlan, type Asked } from "../support/fake-model.js";
import { plain } from "../support/plain-family.js";

/** A small model that never agrees with itself; `fault` may fail a call. */
const split = (fault: (asked: Asked) => void) =>
  new FakeModel((asked) => {
    fault(asked);
    return isPlan(asked) ? "goal" : String(asked.seed);
  }, "small");

/** What a run with a budget in dollars pays at the most: known rows as they are, unknown ones at what the call allows. */
async function run(fault: (asked: Asked) => void, budget: CopeOptions["budget"]) {
  const small = split(fault);
  const large = new FakeModel((asked) => (isPlan(asked) ? "advice" : "large"), "large");
  const prices = { "fake:small": { input: 1000, output: 1000 }, "fake:large": { input: 1000, output: 1000 } };
  const { answer, ledger } = await createCope({ family: plain, small, large, prices, budget, attempts: 1 })
    .compile()
    .invoke({ question: "q" });
  return { answer, ledger, asked: small.asked.length + large.asked.length };
}

const none = () => {};
/** The connection breaks after the request was sent: it may have been billed. */
const cut = (asked: Asked) => {
  if (!isPlan(asked) && asked.count % 2 === 0) throw Object.assign(new Error("cut"), { code: "ECONNRESET" });
};
const refused = (asked: Asked) => {
  if (!isPlan(asked) && asked.count % 2 === 0) throw httpError(503);
};

describe("a budget", () => {
  // Known rows cost 0.015 dollars a call; in the worst case a goal and its sample cost some 0.25.
  const budget = { usd: 2 };

  it("takes calls that may have been billed at their worst, and ends the run sooner for it", async () => {
    const [sound, broken, free] = [await run(none, budget), await run(cut, budget), await run(refused, budget)];
    expect([sound.ledger.usd === null, broken.ledger.usd === null, free.ledger.usd === null]).toEqual([
      false,
      true,
      false,
    ]);
    expect(sound.answer.stopped).toBeUndefined();
    expect(broken.answer.stopped).toBe("budget");
    expect(free.answer.stopped).toBeUndefined();
    expect(broken.asked).toBeLessThan(sound.asked);
  });

  it("of tokens binds, too, where calls were cut and nobody counted", async () => {
    const tokens = { tokens: 2_000 };
    expect((await run(none, tokens)).answer.stopped).toBeUndefined();
    expect((await run(refused, tokens)).answer.stopped).toBeUndefined();
    expect((await run(cut, tokens)).answer.stopped).toBe("budget");
  });
});
