import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { labelSamples, UNKNOWN } from "../../src/scorers/classes.js";
import { decide } from "../../src/scorers/decide.js";
import { keepUnknown } from "../../src/scorers/keep-unknown.js";
import { runVote } from "../../src/scorers/run-vote.js";
import type { Same } from "../../src/scorers/types.js";
import { vote } from "../../src/scorers/vote.js";
import { nextWave, WavePolicy } from "../../src/scorers/waves.js";
import { samplesOf } from "../../src/testing/index.js";
import { allDraws, thresholdsFor } from "./brute-force.js";

type Verdict = boolean | undefined;

/** Values 0 … 4, and for each pair of different ones whether they are the same: true, false, or unknown. */
const cases = fc.record({
  values: fc.array(fc.option(fc.nat({ max: 4 }), { nil: undefined, freq: 6 }), { minLength: 2, maxLength: 7 }),
  pairs: fc.array(fc.constantFrom<Verdict>(false, false, false, true, undefined), { minLength: 10, maxLength: 10 }),
});

const indexOf = (a: number, b: number): number => {
  const [low, high] = a < b ? [a, b] : [b, a];
  return low * 4 - (low * (low - 1)) / 2 + (high - low - 1);
};

const equalityOf =
  (pairs: readonly Verdict[]): Same =>
  (a, b) =>
    a === b ? true : pairs[indexOf(a as number, b as number)];

/** Every way in which what is unknown may be. */
function* truths(pairs: readonly Verdict[]): Generator<boolean[]> {
  const at = pairs.indexOf(undefined);
  if (at < 0) yield pairs as boolean[];
  else for (const verdict of [true, false]) yield* truths(pairs.with(at, verdict));
}

/** The class of each value, written out by the rule's wording. */
function plainLabels(values: readonly (number | undefined)[], pairs: readonly boolean[]): number[] {
  const firsts: number[] = [];
  return values.map((value) => {
    if (value === undefined) return -1;
    const found = firsts.findIndex((first) => first === value || pairs[indexOf(first, value)]);
    return found >= 0 ? found : firsts.push(value) - 1;
  });
}

describe("a vote in which some pairs could not be compared", () => {
  it("accepts, and escalates early, only what is so whatever the truth is", async () => {
    let [accepted, unknowns] = [0, 0];
    await fc.assert(
      fc.asyncProperty(cases, async ({ values, pairs }) => {
        const samples = samplesOf(...values);
        const planned = samples.length;
        const labels = await labelSamples(samples, equalityOf(pairs));
        if (labels.includes(UNKNOWN)) unknowns++;
        const truth = [...truths(pairs)].map((whole) => plainLabels(values, whole));
        for (const threshold of thresholdsFor(planned)) {
          const run = runVote(labels, { threshold, policy: "all" });
          const wrong = truth.filter((all) => run.decision === "accept" && allDraws(all, threshold) !== run.leader);
          expect(wrong).toEqual([]);
          if (run.decision === "accept") accepted++;
          for (let drawn = 1; drawn < planned; drawn++) {
            const said = await vote(samples.slice(0, drawn), { planned, same: equalityOf(pairs) });
            const decision = decide(said, { threshold, drawn, planned });
            if (decision === "sample") continue;
            const outcome =
              decision === "accept" ? samples.findIndex(({ id }) => id === said.winner) : ("escalate" as const);
            for (const all of truth) expect(allDraws(all, threshold)).toBe(outcome);
          }
        }
      }),
      { seed: 3, numRuns: 150 },
    );
    expect(unknowns).toBeGreaterThan(30);
    expect(accepted).toBeGreaterThan(100);
  });

  it("stops early as all draws would end, by every wave policy, also where a likely end is enough", async () => {
    await fc.assert(
      fc.asyncProperty(cases, fc.boolean(), async ({ values, pairs }, likely) => {
        const samples = samplesOf(...values);
        const planned = samples.length;
        const same = equalityOf(pairs);
        const labels = await labelSamples(samples, same);
        const hasUnknown = labels.includes(UNKNOWN);
        for (const threshold of thresholdsFor(planned)) {
          const all = runVote(labels, { threshold, policy: "all" });
          for (const policy of WavePolicy.options) {
            const run = runVote(labels, {
              threshold,
              policy,
              ...(likely && hasUnknown ? { stop: { chance: 0 } } : {}),
            });
            // After an early escalation another may lead.
            const leader = run.decision === "accept" ? run.leader : all.leader;
            expect({ decision: run.decision, leader }).toEqual({ decision: all.decision, leader: all.leader });
            let [drawn, waves, decision] = [0, 0, "sample"];
            while (decision === "sample") {
              const missing = await vote.missing(samples.slice(0, drawn), { planned, same, threshold });
              drawn += nextWave({ policy, waves, drawn, planned, missing });
              waves++;
              const said = await vote(samples.slice(0, drawn), { planned, same });
              decision = decide(said, { threshold, drawn, planned });
            }
            expect({ decision, drawn, waves }).toEqual({ decision: run.decision, drawn: run.drawn, waves: run.waves });
          }
        }
      }),
      { seed: 4, numRuns: 150 },
    );
  });

  it("says how many samples are unknown, and waits for their truth in vain", async () => {
    const same: Same = (a, b) => (a === "?" || b === "?" ? undefined : a === b);
    const said = await vote(samplesOf("1", "1", "?", "1"), { planned: 4, same });
    expect(said).toMatchObject({ low: 0.75, high: 1, leader: "1/solo/0", winner: "1/solo/0" });
    expect(said.why).toContain("1 unknown");
    const close = await vote(samplesOf("?", "1", "1", "?"), { planned: 4, same });
    expect(close).toMatchObject({ low: 0.25, high: 1 });
    expect(close.winner).toBeUndefined();
    expect(decide(close, { threshold: 0.25, drawn: 4, planned: 4 })).toBe("escalate");
  });
});

describe("what was once unknown", () => {
  it("stays so in either order, and is handed on once", async () => {
    let verdict: Verdict;
    const first = keepUnknown(() => verdict);
    expect(await first.same("a", "b")).toBeUndefined();
    verdict = true;
    expect([await first.same("b", "a"), await first.same("a", "c")]).toEqual([undefined, true]);
    expect(first.found).toEqual([["a", "b"]]);
    const resumed = keepUnknown(() => true, first.found);
    expect([await resumed.same("a", "b"), await resumed.same("a", "c")]).toEqual([undefined, true]);
    expect(resumed.found).toEqual([]);
  });
});
