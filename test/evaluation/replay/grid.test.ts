import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { createCopeMethod } from "../../../src/evaluation/methods/cope.js";
import { outcomeOn } from "../../../src/evaluation/outcomes.js";
import type { Recorded } from "../../../src/evaluation/recorded.js";
import { grid, levels } from "../../../src/evaluation/replay/grid.js";
import { largeCost } from "../../../src/evaluation/summary/costs.js";
import { strategies } from "../../../src/graph/stages.js";
import { WavePolicy } from "../../../src/state/wave.js";
import { recordNumbers } from "../recordings.js";

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const threshold = fc.double({ min: 0, max: 1, noNaN: true });

/** A row the plain way: the method decides on every problem. */
function plainly(recorded: Recorded, options: Parameters<typeof createCopeMethod>[0]) {
  const method = createCopeMethod(options);
  const outcomes = recorded.views.map((view) => outcomeOn(method, view));
  const ends = Object.fromEntries(
    Object.entries(Object.groupBy(outcomes, ({ ended }) => ended)).map(([stage, of]) => [stage, of!.length]),
  );
  return {
    right: outcomes.filter(({ right }) => right).length,
    largeCost: mean(outcomes.map((outcome) => largeCost(outcome)!)),
    draws: mean(outcomes.map(({ stages }) => stages.reduce((sum, { drawn }) => sum + drawn, 0))),
    ends,
  };
}

describe("a grid over a recording of all draws", () => {
  let recorded: Recorded;
  beforeAll(async () => {
    recorded = await recordNumbers({ samples: 4, allDraws: true });
  });

  it("says of every setting what the method itself would say", () => {
    const policy = fc.constantFrom(...WavePolicy.options);
    const pairs = fc.array(fc.tuple(threshold, threshold), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(pairs, policy, (thresholds, wave) => {
        // All draws are recorded for the waves "all" and the list's own.
        fc.pre(wave !== "fewest");
        const { rows } = grid(recorded, { samples: [4], thresholds, waves: [wave] });
        expect(rows.map((row) => row.thresholds)).toEqual(thresholds);
        for (const row of rows) {
          const stages = strategies["cope"]!.map((stage) => ({ ...stage, execute: { ...stage.execute, wave } }));
          const plain = plainly(recorded, { stages, samples: 4, thresholds: [...row.thresholds] });
          expect(row).toMatchObject({ ...plain, largeCost: expect.closeTo(plain.largeCost, 6), n: 12, approximate: 0 });
          expect(row.draws).toBeCloseTo(plain.draws, 9);
        }
      }),
      { numRuns: 15, seed: 3 },
    );
  });

  it("puts on the frontier what nothing beats, and every threshold of the steps in the rows", () => {
    const { rows, frontier, refused } = grid(recorded, { samples: [4], steps: 0.25 });
    expect(rows.map(({ thresholds }) => thresholds)).toHaveLength(16);
    expect(refused).toEqual([]);
    expect(frontier.length).toBeGreaterThan(0);
    for (const best of frontier) {
      const beaten = rows.some(
        (row) =>
          row.largeCost! <= best.largeCost! &&
          row.accuracy! >= best.accuracy! &&
          (row.largeCost! < best.largeCost! || row.accuracy! > best.accuracy!),
      );
      expect(beaten).toBe(false);
    }
  });

  it("refuses more samples than are recorded by name, also approximately, and keeps the settings that are", () => {
    const both = grid(recorded, { samples: [4, 5], thresholds: [[0.75, 0.5]], approximate: true });
    expect(both.rows).toMatchObject([{ samples: 4 }]);
    expect(both.refused).toMatchObject([
      { samples: 5, lacking: expect.any(Number), missing: expect.stringMatching(/^problem p\d+: sample 4 of solo-/) },
    ]);
    expect(() => grid(recorded, { samples: [5], thresholds: [[1, 1]] })).toThrow(/\[NOT_RECORDED\].*--all-draws/);
  });

  it("refuses thresholds for other stages than there are, and grids without end", () => {
    expect(() => grid(recorded, { thresholds: [[0.5]] })).toThrow("2 stages have one");
    expect(() => grid(recorded, { steps: 0.0001 })).toThrow("[OPTIONS_INVALID]");
  });
});

describe("a grid over a recording of one setting", () => {
  it("refuses what another goal would need, or takes the nearest goal and counts where it did", async () => {
    const recorded = await recordNumbers({ samples: 4, thresholds: [1, 1] });
    // After an early escalation another answer may lead, whose goal has no draws of the second stage.
    const asked = {
      samples: [4],
      waves: ["fewest" as const],
      thresholds: [
        [1, 1],
        [0.75, 0.5],
      ],
    };
    const exact = grid(recorded, { ...asked, waves: ["toAccept"], thresholds: [[1, 1]] });
    expect(exact.rows).toMatchObject([{ approximate: 0, n: 12 }]);
    const { rows, refused } = grid(recorded, { ...asked, approximate: true });
    expect(refused).toEqual([]);
    expect(rows.some(({ approximate }) => approximate > 0)).toBe(true);
    const strict = (() => {
      try {
        return grid(recorded, asked).refused;
      } catch (error) {
        return error;
      }
    })();
    expect(JSON.stringify(strict)).toMatch(/NOT_RECORDED|missing/);
  });

  it("never replaces what is recorded for the very goal", async () => {
    const recorded = await recordNumbers({ samples: 4, allDraws: true });
    const asked = { samples: [4], steps: 0.25 };
    expect(grid(recorded, { ...asked, approximate: true })).toEqual(grid(recorded, asked));
  });
});

it("steps end with 1 and hold no noise", () => {
  expect(levels(0.05)).toHaveLength(20);
  expect(levels(0.1)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
  expect(levels(0.3)).toEqual([0.3, 0.6, 0.9, 1]);
});
