import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "../../src/scorers/decide.js";
import { chancesOf, likelyMissing, MOST_REMAINING, PRIOR } from "../../src/scorers/likely.js";
import { runVote } from "../../src/scorers/run-vote.js";
import { missingDraws, neededVotes, tally } from "../../src/scorers/tally.js";
import { allDraws, countsOf } from "./brute-force.js";

/** The chances found the plain way: every completion, drawn one by one from the urn. */
function walked(labels: readonly number[], planned: number, threshold: number): { accept: number; escalate: number } {
  const counts = countsOf(labels);
  const leading = labels.indexOf([...new Set(labels.filter((l) => l >= 0))][counts.indexOf(Math.max(...counts))]!);
  const chances = { accept: 0, escalate: 0 };
  const walk = (drawn: number[], chance: number) => {
    if (drawn.length === planned) {
      const end = allDraws(drawn, threshold);
      if (end === "escalate") chances.escalate += chance;
      else if (end === leading) chances.accept += chance;
      return;
    }
    const total = drawn.length + PRIOR.unseen + PRIOR.unreadable;
    const seen = [...new Set(drawn.filter((label) => label >= 0))];
    const votes = (label: number) => drawn.filter((other) => other === label).length;
    walk([...drawn, -1], (chance * (votes(-1) + PRIOR.unreadable)) / total);
    walk([...drawn, Math.max(-1, ...drawn) + 1], (chance * PRIOR.unseen) / total);
    for (const label of seen) walk([...drawn, label], (chance * votes(label)) / total);
  };
  walk([...labels], 1);
  return chances;
}

const labels = (most: number) => fc.array(fc.integer({ min: -1, max: 3 }), { minLength: 1, maxLength: most });
const chance = fc.double({ min: 0, max: 0.5, noNaN: true });
const standingOf = (drawn: readonly number[], planned: number) => ({
  counts: countsOf(drawn),
  drawn: drawn.length,
  planned,
});

describe("the chance of how a vote ends", () => {
  it("is that of walking every completion", () => {
    fc.assert(
      fc.property(labels(5), fc.nat({ max: 5 }), fc.nat({ max: 10 }), (drawn, more, votes) => {
        const planned = drawn.length + more;
        const threshold = Math.min(votes, planned) / planned;
        const said = chancesOf(standingOf(drawn, planned), neededVotes(planned, threshold));
        const true_ = walked(drawn, planned, threshold);
        expect(said.accept).toBeCloseTo(true_.accept, 10);
        expect(said.escalate).toBeCloseTo(true_.escalate, 10);
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  it("is certain where the exact rule is, and only there", () => {
    fc.assert(
      fc.property(
        labels(12),
        fc.nat({ max: 12 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (drawn, more, threshold) => {
          const planned = drawn.length + more;
          const standing = standingOf(drawn, planned);
          const { accept, escalate } = chancesOf(standing, neededVotes(planned, threshold));
          const exact = decide(tally(standing.counts, standing.drawn, planned), { threshold, ...standing });
          expect(accept > 1 - 1e-12).toBe(exact === "accept");
          expect(escalate > 1 - 1e-12).toBe(exact === "escalate");
        },
      ),
      { seed: 1 },
    );
  });

  it("is told of up to 32 draws to come, and of no more", () => {
    const sure = { counts: [30], drawn: 30, planned: 30 + MOST_REMAINING };
    expect(chancesOf(sure, 1).accept).toBeCloseTo(1, 2);
    expect(chancesOf({ ...sure, planned: sure.planned + 1 }, 1)).toEqual({ accept: 0, escalate: 0 });
  });
});

describe("stopping by likelihood", () => {
  const n = fc.integer({ min: 2, max: 10 });
  const vote = n.chain((length) =>
    fc.record({
      labels: fc.array(fc.integer({ min: -1, max: 3 }), { minLength: length, maxLength: length }),
      threshold: fc.double({ min: 0, max: 1, noNaN: true }),
      policy: fc.constantFrom("toAccept" as const, "fewest" as const, "all" as const),
    }),
  );

  it("at chance 0 is the exact rule", () => {
    fc.assert(
      fc.property(vote, ({ labels: drawn, ...rule }) => {
        expect(runVote(drawn, { ...rule, stop: { chance: 0 } })).toEqual(runVote(drawn, rule));
      }),
      { seed: 1 },
    );
  });

  it("never stops later at a larger chance, draw by draw", () => {
    fc.assert(
      fc.property(vote, chance, chance, ({ labels: drawn, threshold }, a, b) => {
        expect(stopsAfter(drawn, threshold, Math.max(a, b))).toBeLessThanOrEqual(
          stopsAfter(drawn, threshold, Math.min(a, b)),
        );
      }),
      { seed: 1 },
    );
  });

  it("never asks for a larger wave than the exact rule", () => {
    fc.assert(
      fc.property(
        labels(8),
        fc.nat({ max: 8 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        chance,
        (drawn, more, t, c) => {
          const standing = standingOf(drawn, drawn.length + more);
          const exact = missingDraws(tally(standing.counts, standing.drawn, standing.planned), t);
          const likely = likelyMissing(standing, t, { chance: c });
          expect(likely.toAccept).toBeLessThanOrEqual(exact.toAccept);
          expect(likely.toEscalate).toBeLessThanOrEqual(exact.toEscalate);
        },
      ),
      { seed: 1 },
    );
  });

  it("accepts five that agree of eight, and escalates three that differ, where a tenth is risked", () => {
    const stop = { chance: 0.1 };
    expect(runVote([0, 0, 0, 0, 0, 1, 1, 1], { threshold: 0.75, policy: "toAccept", stop })).toMatchObject({
      decision: "accept",
      leader: 0,
    });
    const hopeless = runVote([0, 1, 2, 0, 0, 0, 0, 0], { threshold: 0.75, policy: "fewest", stop });
    expect(hopeless.decision).toBe("escalate");
    expect(hopeless.drawn).toBeLessThan(4);
  });
});

function stopsAfter(drawn: readonly number[], threshold: number, bound: number): number {
  for (let count = 1; ; count += 1) {
    const standing = standingOf(drawn.slice(0, count), drawn.length);
    const likely = { ...chancesOf(standing, neededVotes(drawn.length, threshold)), chance: bound };
    const decision = decide(tally(standing.counts, count, drawn.length), { threshold, ...standing, likely });
    if (decision !== "sample") return count;
  }
}
