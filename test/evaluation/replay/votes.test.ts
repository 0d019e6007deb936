import { expect, test } from "vitest";
import { replayExtras, wholeVotes } from "../../../src/evaluation/replay/index.js";
import { recordNumbers } from "../recordings.js";

const solo = ({ series }: { series: string }) => series.startsWith("solo-");

test("votes are those of all planned draws", async () => {
  const recorded = await recordNumbers({ samples: 4, problems: 10, allDraws: true });
  const votes = wholeVotes(recorded).filter(solo);
  expect(votes.map(({ problem }) => problem).toSorted()).toEqual(recorded.problems.map(({ id }) => id).toSorted());
  expect(votes.every(({ labels }) => labels.length === 4)).toBe(true);
  expect(replayExtras(recorded).earlyStop).toBeDefined();
});

test("where most votes were ended early, those that were not speak for nobody", async () => {
  const recorded = await recordNumbers({ samples: 4, problems: 30, thresholds: [0.5, 0.5] });
  const lengths = recorded.problems.map(
    ({ id }) => recorded.draws.filter((one) => one.problem === id && solo(one)).length,
  );
  // Some are whole all the same: the hard ones.
  expect(new Set(lengths)).toContain(4);
  expect(lengths.filter((length) => length < 4).length).toBeGreaterThan(3);
  expect(wholeVotes(recorded).filter(solo)).toEqual([]);
});
