import { expect, it } from "vitest";
import { replayExtras } from "../../../src/evaluation/replay/index.js";
import { recordNumbers } from "../recordings.js";

it("a report is given each setting that ends differently once, and the early-stop curve of each stage", async () => {
  const { grid, earlyStop } = replayExtras(await recordNumbers({ samples: 4, allDraws: true }), { samples: [4] });
  expect(grid).toHaveLength(16);
  expect(new Set(grid!.map(({ label }) => label)).size).toBe(16);
  expect(earlyStop!.map(({ stage }) => stage)).toEqual(["solo", "guided"]);
  expect(earlyStop![0]!.points[0]).toMatchObject({ bound: 0, flipped: 0, n: 12 });
});

it("a report goes without a grid where the recording suffices for none", async () => {
  const extras = replayExtras(await recordNumbers({ samples: 2 }), { samples: [8] });
  expect(extras).not.toHaveProperty("grid");
});
