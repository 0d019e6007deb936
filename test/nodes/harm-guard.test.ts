import { assert, double, integer, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { resolveStages } from "../../src/index.js";
import { harmGuard, unguidedBefore } from "../../src/nodes/harm-guard.js";

describe("the harm guard", () => {
  it.each([
    [{ before: 0.625, now: 0.5, drawn: 8, planned: 8 }, "harm"],
    [{ before: 0.625, now: 0.5, drawn: 4, planned: 8 }, "sample"],
    [{ before: 0.625, now: 0.625, drawn: 5, planned: 8 }, "pass"],
  ])("says of %j: %s", (other, expected) => {
    expect(harmGuard(other)).toBe(expected);
  });

  it("asks for samples only while some are left, and stops nothing that is as sure", () => {
    const share = double({ min: 0, max: 1, noNaN: true });
    assert(
      property(share, share, integer({ min: 0, max: 8 }), (before, now, drawn) => {
        const said = harmGuard({ before, now, drawn, planned: 8 });
        expect(said === "pass").toBe(now >= before);
        expect(said === "sample").toBe(now < before && drawn < 8);
      }),
    );
  });
});

describe("what a guided answer is held against", () => {
  const at = (stages: Parameters<typeof resolveStages>[0], position: number, silent: number[] = []) =>
    unguidedBefore(resolveStages(stages), position, (i) => !silent.includes(i));

  it("is the latest stage without a guideline that has an answer", () => {
    expect(at("cope", 1)).toBe(0);
    expect(at("cope", 1, [0])).toBeUndefined();
  });

  it("is nothing for a stage without a guideline, and nothing that another model or another scorer has measured", () => {
    expect(at("cope", 0)).toBeUndefined();
    // The takeover sees the guideline, but is the large model's.
    expect(at("cope", 2)).toBeUndefined();
    const [solo, guided, takeover] = resolveStages("cope");
    const scored = { ...guided!, accept: { threshold: 0.5, scorer: "perplexity" } };
    expect(at([solo!, scored, takeover!], 1)).toBeUndefined();
  });
});
