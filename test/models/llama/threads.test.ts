import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sparedBy, ThreadGovernor } from "../../../src/models/llama/threads.js";

describe("threads left over by other processes", () => {
  it("uses all that are wanted on an idle machine, and one where all processors are taken", () => {
    expect(sparedBy(0, 2, 2)).toBe(2);
    expect(sparedBy(0.3, 2, 2)).toBe(2);
    expect(sparedBy(1, 2, 2)).toBe(1);
    expect(sparedBy(2, 2, 2)).toBe(1);
    expect(sparedBy(1, 8, 16)).toBe(8);
    expect(sparedBy(12, 8, 16)).toBe(4);
  });

  it("stays between one and what is wanted, and never grows with others' load", () => {
    const load = fc.double({ min: -1, max: 64, noNaN: true });
    fc.assert(
      fc.property(load, load, fc.integer({ min: 1, max: 32 }), fc.integer({ min: 1, max: 64 }), (a, b, most, cores) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const threads = sparedBy(low, most, cores);
        expect(threads).toBeGreaterThanOrEqual(1);
        expect(threads).toBeLessThanOrEqual(most);
        expect(sparedBy(high, most, cores)).toBeLessThanOrEqual(threads);
      }),
    );
  });

  it("does not take this process's own work for another's, and sets a number only when it changes", () => {
    const set: number[] = [];
    let now = { at: 0, busy: 0, own: 0 };
    const governor = new ThreadGovernor(
      64,
      (threads) => set.push(threads),
      () => now,
    );
    now = { at: 1000, busy: 2000, own: 2000 };
    governor.tick(1000);
    const calm = set.length;
    // A thousand other processors at work: more than any machine has.
    now = { at: 2000, busy: 1_002_000, own: 2000 };
    governor.tick(2000);
    expect(set.at(-1)).toBe(1);
    now = { at: 3000, busy: 2_002_000, own: 2000 };
    governor.tick(3000);
    expect(set.length - calm).toBe(1);
  });
});
