import { CopeError } from "../../errors.js";
import { resolveStages } from "../../graph/stages.js";
import type { StageInput } from "../../state/stage.js";
import type { Recorded } from "../recorded.js";
import type { ReportExtras } from "../report/extras.js";
import { seriesOf } from "../series.js";
import { earlyStopCurve } from "./early-stop.js";
import { grid, type Grid, type GridOptions } from "./grid.js";
import { wholeVotes } from "./votes.js";

/** Bounds of the curve. */
const CHANCES = [0, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2];

/**
 * What a report can show of a recording beside its summary: the cascade under every threshold, and what stopping by
 * likelihood would save. What the recording does not suffice for is left out.
 *
 * @throws CopeError `OPTIONS_INVALID`
 */
export function replayExtras(
  recorded: Recorded,
  { stages = "cope", ...options }: Omit<GridOptions, "stages"> & { stages?: string | StageInput[] } = {},
): Pick<ReportExtras, "grid" | "earlyStop"> {
  const rows = gridOf(recorded, { stages, ...options });
  const votes = wholeVotes(recorded);
  const earlyStop = resolveStages(stages).flatMap((stage) => {
    const { id } = seriesOf(stage);
    const of = votes.filter(({ series }) => series === id).map(({ labels }) => labels);
    if (!stage.accept || of.length === 0) return [];
    const points = earlyStopCurve(of, stage.accept.threshold, CHANCES).map(({ chance, saved, flipped, votes: n }) => ({
      bound: chance,
      saved,
      flipped: flipped / n,
      n,
    }));
    return [{ stage: stage.name, points }];
  });
  return { ...(rows ? { grid: rows } : {}), ...(earlyStop.length > 0 ? { earlyStop } : {}) };
}

function gridOf(recorded: Recorded, options: GridOptions): ReportExtras["grid"] {
  let rows: Grid["rows"];
  try {
    ({ rows } = grid(recorded, options));
  } catch (error) {
    if (CopeError.isInstance(error) && error.code === "NOT_RECORDED") return undefined;
    throw error;
  }
  // Settings that ask for the same votes end alike: one of them is enough.
  const distinct = new Map(rows.map((row) => [[row.samples, row.wave, row.style, ...row.needed].join(), row]));
  return [...distinct.values()].map(({ samples, thresholds, needed, largeCost, accuracy, n, approximate }) => ({
    label: [
      needed.map((votes, i) => `${votes} of ${samples} (${thresholds[i]})`).join(", "),
      ...(approximate > 0 ? [`approximate in ${approximate}`] : []),
    ].join(", "),
    cost: largeCost,
    accuracy,
    n,
  }));
}
