import { describe, expect, it } from "vitest";
import { decide } from "../../src/scorers/decide.js";

const half = { threshold: 0.5, drawn: 3, planned: 4 };
const done = { threshold: 0.5, drawn: 4, planned: 4 };

describe("a stage's decision", () => {
  it("accepts a winner whose confidence reaches the threshold", () => {
    expect(decide({ low: 0.5, high: 0.75, winner: "a" }, half)).toBe("accept");
  });

  it("draws more while the threshold is reached and the winner could change", () => {
    expect(decide({ low: 0.5, high: 0.75 }, half)).toBe("sample");
  });

  it("draws more while the winner is certain and the threshold is not reached", () => {
    expect(decide({ low: 0.25, high: 0.5, winner: "a" }, half)).toBe("sample");
  });

  it("escalates when the threshold is out of reach", () => {
    expect(decide({ low: 0.25, high: 0.49, winner: "a" }, half)).toBe("escalate");
  });

  it("escalates when everything is drawn and it cannot accept", () => {
    expect(decide({ low: 0.25, high: 0.25, winner: "a" }, done)).toBe("escalate");
    expect(decide({ low: 1, high: 1 }, done)).toBe("escalate");
  });

  it("accepts nothing where nothing was readable, also at threshold 0", () => {
    expect(decide({ low: 0, high: 0.25 }, { ...half, threshold: 0 })).toBe("sample");
    expect(decide({ low: 0, high: 0 }, { ...done, threshold: 0 })).toBe("escalate");
  });

  it("never accepts a confidence that is not a number", () => {
    expect(decide({ low: NaN, high: NaN, winner: "a" }, half)).toBe("sample");
    expect(decide({ low: NaN, high: NaN, winner: "a" }, done)).toBe("escalate");
  });
});
