import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deriveSeed } from "../../src/models/seed.js";

describe("the seed of a call", () => {
  it("stays what it is from version to version: recorded draws are found by it", () => {
    expect([
      deriveSeed(0, "1/solo/0/execute"),
      deriveSeed(0, "1/solo/0/goal"),
      deriveSeed(1, "1/solo/0/execute"),
      deriveSeed(2_147_483_647, "12/takeover/0/execute"),
    ]).toEqual([1_755_659_137, 1_260_284_863, 543_464_579, 818_733_467]);
  });

  it("is an integer from 0 to 2^31-1, a function of run seed and call alone", () => {
    fc.assert(
      fc.property(fc.nat(), fc.string(), (run, call) => {
        const seed = deriveSeed(run, call);
        expect(seed).toBe(deriveSeed(run, call));
        expect(Number.isInteger(seed) && seed >= 0 && seed <= 0x7fffffff).toBe(true);
      }),
    );
  });

  it("differs between runs, turns, stages, samples and purposes, and spreads over the whole range", () => {
    const seeds: number[] = [];
    for (const run of [0, 1, 2, 3])
      for (const turn of [1, 2])
        for (const stage of ["solo", "guided", "takeover"])
          for (let index = 0; index < 64; index++)
            for (const purpose of ["goal", "execute"])
              seeds.push(deriveSeed(run, `${turn}/${stage}/${index}/${purpose}`));
    expect(new Set(seeds).size).toBe(seeds.length);
    // 3072 seeds over 16 equal parts: 192 each, with a standard deviation of 13.
    const parts = Array.from({ length: 16 }, () => 0);
    for (const seed of seeds) parts[Math.floor(seed / 2 ** 27)]! += 1;
    for (const count of parts) expect(Math.abs(count - 192)).toBeLessThan(5 * 13.5);
    expect(Math.abs(seeds.filter((seed) => seed % 2 === 0).length - 1536)).toBeLessThan(5 * 28);
  });
});
