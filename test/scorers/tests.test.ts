import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shareOf, type Share } from "../../src/scorers/checked.js";
import { decide } from "../../src/scorers/decide.js";
import { runChecked } from "../../src/scorers/run-checked.js";
import { tests } from "../../src/scorers/tests.js";
import { nextWave, WavePolicy } from "../../src/scorers/waves.js";
import type { Sample } from "../../src/state/sample.js";
import { sameJson, samplesOf, scorerContract } from "../../src/testing/index.js";

const timeout = new Error("no answer in 60 s");

/** Samples by how many of three tests they pass: null is unreadable, `untested` has a program and no checks. */
function checked(...passed: (number | "untested" | null | Error)[]): Sample[] {
  const values = passed.map((one, i) => (one === null ? undefined : one instanceof Error ? one : `program ${i}`));
  return samplesOf(...values).map((sample, i) => {
    const count = passed[i];
    if (typeof count !== "number") return sample;
    return { ...sample, checks: { passed: count, total: 3, failures: [] } };
  });
}

const scored = (samples: Sample[], planned = samples.length) => tests(samples, { planned });

const contracted: [string, () => Sample[]][] = [
  ["tests", () => checked(1, null, 3, 2, timeout, 3)],
  ["tests that none passes", () => checked(1, null, 2, 0, timeout, 2)],
  ["tests where the task has none", () => checked("untested", null, "untested")],
];
for (const [name, makeSamples] of contracted) scorerContract(name, tests, makeSamples, { runner: { describe, it } });

describe("the tests scorer", () => {
  it("is sure of the first sample by index that passes all tests, whatever follows", async () => {
    const why = "sample 2 passes all 3 tests, 1 to come, 1 unreadable";
    const said = { low: 1, high: 1, winner: "1/solo/2", leader: "1/solo/2", why };
    expect(scored(checked(2, null, 3, 3), 5)).toEqual(said);
  });

  it("leaves everything open while samples are to come and none has passed; the share passed says who leads", async () => {
    const why = "no sample passes; best is sample 1 with 2 of 3, 1 to come";
    expect(scored(checked(1, 2, 2), 4)).toEqual({ low: 0, high: 1, leader: "1/solo/1", why });
  });

  it("has confidence 0 when all are drawn and none has passed, however near one came", async () => {
    expect(scored(checked(0, 2))).toMatchObject({ low: 0, high: 0, leader: "1/solo/1" });
    expect(scored(checked(0, 0)).why).toBe("no sample passes; none passes a test");
  });

  it("has confidence 0 at once where there are no tests, and the first program leads", async () => {
    const why = "there are no tests to run, 6 to come, 1 unreadable";
    expect(scored(checked(null, "untested"), 8)).toMatchObject({ low: 0, high: 0, leader: "1/solo/1", why });
    const none = checked("untested").map((sample) => ({ ...sample, checks: { passed: 0, total: 0, failures: [] } }));
    expect(scored(none, 8)).toMatchObject({ low: 0, high: 0, leader: "1/solo/0" });
  });

  it("says how many of the tests could have been cheated", () => {
    const [sample] = checked(3) as [Sample];
    const weak = { ...sample, checks: { ...sample.checks!, weak: 2 } };
    expect(scored([weak]).why).toBe("sample 0 passes all 3 tests, 2 of them weak");
  });

  it("draws the first sample alone, then three, then the rest", () => {
    const waves = [0, 1, 4].map((drawn, i) => {
      const draw = { planned: 8, same: sameJson, threshold: 0.75 };
      const missing = tests.missing(checked(1, 0, 2, 0).slice(0, drawn), draw);
      return nextWave({ policy: "toAccept", waves: i, drawn, planned: 8, missing });
    });
    expect(waves).toEqual([1, 3, 4]);
  });

  it("refuses more samples than were planned", () => {
    expect(() => scored(checked(1, 1), 1)).toThrow("[OPTIONS_INVALID]");
  });
});

const share = fc.constantFrom<Share[]>(null, 0, 1 / 3, 2 / 3, 1);
const draws = fc.record({
  shares: fc.oneof(
    { weight: 4, arbitrary: fc.array(share, { minLength: 1, maxLength: 9 }) },
    fc.array(fc.constantFrom<Share[]>(null, "untested"), { minLength: 1, maxLength: 9 }),
  ),
  threshold: fc.constantFrom(0, 0.5, 0.75, 1),
  policy: fc.constantFrom(...WavePolicy.options),
});

const samplesFrom = (shares: readonly Share[]) =>
  checked(...shares.map((one) => (typeof one === "number" ? Math.round(one * 3) : one)));

describe("a replay by tests", () => {
  it("ends as a stage that asks the scorer wave by wave", () => {
    fc.assert(
      fc.property(draws, ({ shares, threshold, policy }) => {
        const samples = samplesFrom(shares);
        expect(samples.map(shareOf)).toEqual(shares);
        const planned = samples.length;
        const draw = { planned, same: sameJson, threshold };
        let [drawn, waves] = [0, 0];
        for (;;) {
          const missing = tests.missing(samples.slice(0, drawn), draw);
          drawn += nextWave({ policy, waves: waves++, drawn, planned, missing });
          const said = scored(samples.slice(0, drawn), planned);
          const decision = decide(said, { threshold, drawn, planned });
          if (decision === "sample") continue;
          const leader = samples.find(({ id }) => id === said.leader)?.index;
          expect(runChecked(shares, { threshold, policy })).toEqual({ decision, leader, drawn, waves, low: said.low });
          return;
        }
      }),
      { numRuns: 500 },
    );
  });

  it("accepts and escalates as all draws would, with the same sample, in at most three waves and no more draws", () => {
    fc.assert(
      fc.property(draws, ({ shares, threshold, policy }) => {
        const run = runChecked(shares, { threshold, policy });
        const all = runChecked(shares, { threshold, policy: "all" });
        expect(run).toMatchObject({ decision: all.decision, leader: all.leader });
        expect(run.waves).toBeLessThanOrEqual(3);
        expect(run.drawn).toBeLessThanOrEqual(all.drawn);
      }),
      { numRuns: 500 },
    );
  });

  it("says how far the recording would have to reach", () => {
    const run = runChecked([0.5, 0, 0], { threshold: 1, policy: "toAccept", planned: 8 });
    expect(run).toEqual({ decision: "sample", leader: 0, drawn: 4, waves: 2, low: 0 });
  });
});
