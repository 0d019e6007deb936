import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "../../src/scorers/decide.js";
import { runVote } from "../../src/scorers/run-vote.js";
import { missingDraws, tally } from "../../src/scorers/tally.js";
import { MAX_WAVES, WavePolicy } from "../../src/scorers/waves.js";
import { adversarialCompletions, allDraws, canonicalSequences, countsOf, thresholdsFor } from "./brute-force.js";

/** For the exhaustive cases, which a busy machine may slow down. */
const LONG = { timeout: 240_000 };

/** The whole truth about a prefix: what every completion leads to, and how near each certainty is. */
interface Truth {
  /** The outcome of every completion, or `open` where they differ. */
  outcome: number | "escalate" | "open";
  toAccept: number;
  toEscalate: number;
}

/** Walks every completion of `prefix`, and hands each prefix met on the way, with its truth, to `visit`. */
function walk(prefix: number[], n: number, threshold: number, visit: (prefix: number[], truth: Truth) => void): Truth {
  let outcome: Truth["outcome"] | undefined;
  let [toAccept, toEscalate] = [Infinity, Infinity];
  if (prefix.length === n) outcome = allDraws(prefix, threshold);
  else {
    const classes = Math.max(-1, ...prefix) + 1;
    for (let label = -1; label <= classes; label++) {
      prefix.push(label);
      const next = walk(prefix, n, threshold, visit);
      prefix.pop();
      outcome = outcome === undefined || outcome === next.outcome ? next.outcome : "open";
      toAccept = Math.min(toAccept, next.toAccept + 1);
      toEscalate = Math.min(toEscalate, next.toEscalate + 1);
    }
  }
  if (typeof outcome === "number") toAccept = 0;
  if (outcome === "escalate") toEscalate = 0;
  const truth = { outcome: outcome!, toAccept, toEscalate };
  visit(prefix, truth);
  return truth;
}

/** What the rule says of a prefix, in the words of `Truth`. */
function ruled(prefix: readonly number[], n: number, threshold: number): Truth {
  const standing = tally(countsOf(prefix), prefix.length, n);
  const decision = decide(standing, { threshold, drawn: prefix.length, planned: n });
  // Labels are numbered by first appearance, so a class's position is its label.
  const accepted = decision === "accept" ? prefix.indexOf(standing.winner!) : undefined;
  const outcome = accepted ?? (decision === "escalate" ? "escalate" : "open");
  return { outcome, ...missingDraws(standing, threshold) };
}

const matches = (a: Truth, b: Truth): boolean =>
  a.outcome === b.outcome && a.toAccept === b.toAccept && a.toEscalate === b.toEscalate;

describe("early stop, against every completion", () => {
  for (let n = 1; n <= 9; n++)
    it(`stops exactly when nothing to come can matter, and counts missing draws exactly (n = ${n})`, LONG, () => {
      const wrong: string[] = [];
      for (const threshold of thresholdsFor(n))
        walk([], n, threshold, (prefix, truth) => {
          const said = ruled(prefix, n, threshold);
          if (!matches(said, truth) && wrong.length < 5)
            wrong.push(`[${prefix}] at ${threshold}: says ${JSON.stringify(said)}, true is ${JSON.stringify(truth)}`);
        });
      expect(wrong).toEqual([]);
    });
});

/** The policies whose run differs from drawing everything: in decision or answer, or by too many draws or waves. */
function different(labels: readonly number[], threshold: number): string[] {
  const all = allDraws(labels, threshold);
  return WavePolicy.options.flatMap((policy) => {
    const run = runVote(labels, { threshold, policy });
    const said = run.decision === "accept" ? run.leader : run.decision;
    const bounded = run.drawn <= labels.length && run.waves >= 1 && run.waves <= MAX_WAVES;
    return said === all && bounded ? [] : [`[${labels}] at ${threshold} by ${policy}: ${said}, all draws: ${all}`];
  });
}

/** Where a completion of the first `cut` labels turns what was settled by then, or a wave policy goes wrong on it. */
function turned(labels: readonly number[], cut: number): string[] {
  const sampled = canonical(labels);
  const prefix = sampled.slice(0, cut);
  const completions = [sampled, ...adversarialCompletions(prefix, labels.length)];
  return thresholdsFor(labels.length).flatMap((threshold) => {
    const { outcome } = ruled(prefix, labels.length, threshold);
    return completions.flatMap((completed) => {
      const kept = outcome === "open" || outcome === allDraws(completed, threshold);
      return kept ? different(completed, threshold) : [`[${prefix}] at ${threshold} turned by [${completed}]`];
    });
  });
}

describe("wave policies, against all draws", () => {
  for (let n = 1; n <= 9; n++)
    it(`decide and answer as all draws would, with no more of them and at most three waves (n = ${n})`, LONG, () => {
      const wrong: string[] = [];
      const thresholds = thresholdsFor(n);
      for (const labels of canonicalSequences(n))
        for (const threshold of thresholds) wrong.push(...different(labels, threshold));
      expect(wrong.slice(0, 5)).toEqual([]);
    });

  // A sequence, and where it is cut: what comes after the cut is one sampled completion.
  const label = fc.integer({ min: -1, max: 4 });
  const draws = fc
    .integer({ min: 10, max: 12 })
    .chain((n) => fc.record({ labels: fc.array(label, { minLength: n, maxLength: n }), cut: fc.nat({ max: n }) }));

  it("decide and answer as all draws would under sampled and adversarial completions up to n = 12", LONG, () => {
    fc.assert(
      fc.property(draws, ({ labels, cut }) => {
        expect(turned(labels, cut).slice(0, 5)).toEqual([]);
      }),
      { seed: 1, numRuns: 120 },
    );
  });

  it("draw everything in one wave where the policy is all", () => {
    expect(runVote([0, 0, 0, 0], { threshold: 0.5, policy: "all" })).toMatchObject({ drawn: 4, waves: 1 });
  });

  it("save draws where the vote is clear, and escalate early where it is hopeless", () => {
    const clear = runVote([0, 0, 0, 0, 0, 0, 1, 1], { threshold: 0.75, policy: "toAccept" });
    expect(clear).toEqual({ decision: "accept", leader: 0, drawn: 6, waves: 1, low: 0.75 });
    const hopeless = runVote([0, 1, 2, 0, 0, 0, 0, 0], { threshold: 0.8, policy: "fewest" });
    expect(hopeless).toMatchObject({ decision: "escalate", drawn: 3 });
  });

  it("refuse a stage without draws", () => {
    expect(() => runVote([], { threshold: 0.5, policy: "all" })).toThrow("[OPTIONS_INVALID]");
  });
});

/** Renumbers labels by first appearance. */
function canonical(labels: readonly number[]): number[] {
  const numbers = new Map<number, number>();
  return labels.map((label) => {
    if (label >= 0 && !numbers.has(label)) numbers.set(label, numbers.size);
    return label < 0 ? -1 : numbers.get(label)!;
  });
}
