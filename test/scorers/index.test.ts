import { describe, expect, it } from "vitest";
import { resolveScorer, scorers } from "../../src/scorers/index.js";
import type { Scorer } from "../../src/scorers/types.js";

const own: Scorer = () => ({ low: 1, high: 1, why: "always" });

describe("a scorer's name", () => {
  it("leads to the scorer", () => {
    expect(resolveScorer("vote")).toBe(scorers.vote);
  });

  it("may be one's own function instead", () => {
    expect(resolveScorer(own)).toBe(own);
  });

  it.each(["", "Vote", "constructor", "__proto__"])("%j is refused, and the names are listed", (name) => {
    expect(() => resolveScorer(name)).toThrow(/\[SCORER_UNKNOWN\].*Remedy: use one of vote/);
  });
});
