import { z } from "zod";
import { CopeError } from "../../errors.js";
import { resolveStages } from "../../graph/stages.js";
import { withOverrides } from "../../nodes/overrides.js";
import { parseOptions } from "../../options-error.js";
import type { Stage, StageInput } from "../../state/stage.js";
import { WavePolicy } from "../../state/wave.js";
import { paretoFrontier } from "../numbers/frontier.js";
import type { Recorded } from "../recorded.js";
import { lackOf, notRecorded, type Lack } from "./lacking.js";
import { scored } from "../../nodes/choose-scorer.js";
import { scoringOf, VOTE } from "../scoring.js";
import { shelvesOf } from "./nearest.js";
import { createTally, type GridRow, type Setting } from "./row.js";
import { createWalker } from "./walker.js";

const Threshold = z.number().min(0).max(1);
const options = z.strictObject({
  stages: z.union([z.string(), z.array(z.custom<StageInput>())]).default("cope"),
  samples: z.array(z.int().min(1).max(256)).min(1).optional(),
  thresholds: z.array(z.array(Threshold)).min(1).optional(),
  steps: z.number().gt(0).max(1).default(0.05),
  waves: z.array(WavePolicy).min(1).optional(),
  styles: z
    .array(z.enum(["method", "critique", "worked"]))
    .min(1)
    .default(["method"]),
  approximate: z.boolean().default(false),
});

/** Most rows of a grid. */
const MOST_ROWS = 1_000_000;

/**
 * What is replayed, every combination of it.
 * - `stages`: name of a stage list, or one's own. Default `cope`.
 * - `samples`: n of every stage that draws more than one. Default the list's.
 * - `thresholds`: one list for each setting, with one threshold for each stage that has one. Default all combinations of
 *   `steps`, 2 · steps, … 1, with steps 0.05.
 * - `waves`: policies for all stages. Default the list's.
 * - `styles`: of guidelines. Default `method`.
 * - `approximate`: take draws for a goal that were not recorded from the nearest goal that has some. Default false.
 */
export type GridOptions = z.input<typeof options>;

/** A setting for which the recording does not suffice. */
export interface RefusedSetting extends Setting, Lack {}

/** A recording under many settings. */
export interface Grid {
  rows: GridRow[];
  /** The rows that no other beats, by rising cost of the large model. */
  frontier: GridRow[];
  /** Settings that need draws which are not recorded: no row says anything of them. */
  refused: RefusedSetting[];
}

/**
 * What a recording would have cost and scored under other samples, thresholds, waves and guideline styles, without a call.
 * Every decision is made anew from the draws, by the method itself.
 *
 * @throws CopeError `OPTIONS_INVALID` also for a grid of more than a million rows; `NOT_RECORDED` where the recording
 *   suffices for no setting at all
 */
export function grid(
  recorded: Pick<Recorded, "problems" | "views" | "draws"> & Partial<Pick<Recorded, "recording">>,
  given: GridOptions = {},
): Grid {
  const { approximate, ...asked } = parseOptions(options, given, "Grid");
  const scoring = recorded.recording ? scoringOf(recorded.recording.family, recorded.recording) : VOTE;
  const list = scored(resolveStages(asked.stages), scoring, { thresholdsOpen: false });
  const thresholds = asked.thresholds ?? combinations(list.length - 1, levels(asked.steps));
  const bases = basesOf(list, asked);
  if (bases.length * thresholds.length > MOST_ROWS)
    throw new CopeError("OPTIONS_INVALID", "the grid has more than a million rows.", "take larger steps.");
  const byProblem = approximate ? Map.groupBy(recorded.draws, ({ problem }) => problem) : undefined;
  const shelves = recorded.views.map(({ problem }) => byProblem && shelvesOf(byProblem.get(problem) ?? []));
  const tally = createTally(recorded);
  const rows: GridRow[] = [];
  const refused: RefusedSetting[] = [];

  for (const { stages, samples, wave, style } of bases) {
    const walker = createWalker(stages, style);
    const known = new Map<string, ReturnType<typeof tally> | Lack>();
    for (const each of thresholds) {
      // For its error, which names the stages.
      withOverrides(stages, { thresholds: [...each] });
      const needed = walker.needed(each);
      const setting: Setting = { samples, wave, style, thresholds: each, needed };
      const key = needed.join();
      let said = known.get(key);
      if (!said) {
        const ends = recorded.views.map((view, i) => walker.end(view, needed, shelves[i]));
        said = lackOf(recorded.problems, ends) ?? tally(ends);
        known.set(key, said);
      }
      if ("missing" in said) refused.push({ ...setting, ...said });
      else rows.push({ ...setting, ...said });
    }
  }
  if (rows.length === 0) throw notRecorded(refused, { approximate });
  return { rows, frontier: paretoFrontier(rows.map((row) => ({ ...row, cost: row.largeCost }))), refused };
}

function basesOf(
  list: readonly Stage[],
  { samples, waves, styles }: Pick<GridOptions, "samples" | "waves" | "styles">,
) {
  return (samples ?? [undefined]).flatMap((n) =>
    (waves ?? [undefined]).flatMap((wave) =>
      styles!.map((style) => {
        const stages = withOverrides(list, n === undefined ? {} : { samples: n }).map((stage) =>
          wave === undefined ? stage : { ...stage, execute: { ...stage.execute, wave } },
        );
        return {
          stages,
          style,
          samples: n ?? Math.max(...list.map(({ execute }) => execute.samples)),
          wave: wave ?? ("as listed" as const),
        };
      }),
    ),
  );
}

/** step, 2 · step, … and 1, without the noise of adding them up. */
export function levels(step: number): number[] {
  const count = Math.floor(1 / step + 1e-9);
  const steps = Array.from({ length: count }, (_, i) => Number(((i + 1) * step).toPrecision(12)));
  return steps.at(-1) === 1 ? steps : [...steps, 1];
}

function combinations(count: number, values: readonly number[]): number[][] {
  const all = values.length ** count;
  if (all > MOST_ROWS) throw new CopeError("OPTIONS_INVALID", `the grid has ${all} thresholds.`, "take larger steps.");
  return Array.from({ length: count }).reduce<number[][]>(
    (lists) => lists.flatMap((list) => values.map((value) => [...list, value])),
    [[]],
  );
}
