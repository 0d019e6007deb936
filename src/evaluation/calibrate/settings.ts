import type { Stage } from "../../state/stage.js";
import { createCascade } from "../methods/cascade.js";
import { everyThreshold } from "../methods/cope.js";
import type { Method } from "../methods/types.js";
import { withOverrides } from "../../nodes/overrides.js";
import type { StageList } from "./stage-lists.js";

/** One thing that calibration can choose: a stage list with its n and thresholds. */
export interface Setting {
  list: StageList;
  stages: readonly Stage[];
  method: Method;
  /** Its n is the largest that is tried. */
  full: boolean;
}

/** Values of n that are tried where none are given, up to the recorded ones: a coarse grid has less luck to choose from. */
const COUNTS = [2, 4, 6, 8, 12, 16, 24, 32];

/**
 * Every n and every threshold that makes a difference: with n samples a threshold asks for 1 … n votes. That none is ever
 * enough would be a stage that is paid and cannot settle anything, so it is left out.
 *
 * @param recorded - samples that are recorded at most of a series, by its id
 * @param counts - values of n to try. @default `COUNTS`, and all that are recorded
 */
export function settingsOf(
  lists: readonly StageList[],
  recorded: ReadonlyMap<string, number>,
  counts?: readonly number[],
): Setting[] {
  return lists.flatMap((list) => {
    const make = (stages: readonly Stage[], full: boolean): Setting => ({
      list,
      stages,
      method: createCascade({ name: list.name, about: list.name, stages, style: list.style }),
      full,
    });
    const whole = make(list.stages, true);
    // Without a single draw of a stage, the settings that never come to it would be another list's under a wrong name.
    if (!whole.method.series.every(({ id }) => recorded.has(id))) return [];
    const voting = votingSeries(whole);
    if (voting.length === 0) return [whole];
    // The stage with the fewest recorded samples bounds n.
    const most = Math.min(...voting.map((id) => recorded.get(id)!));
    const tried = (counts ?? [...new Set([...COUNTS.filter((n) => n < most), most])]).filter((n) => n > 1 && n <= most);
    return tried.flatMap((samples) =>
      everyThreshold(withOverrides(list.stages, { samples })).map((stages) =>
        make(stages, samples === Math.max(...tried)),
      ),
    );
  });
}

const votingSeries = ({ method }: Setting): string[] =>
  method.series.flatMap(({ id, part, stage }) => (part === "sample" && stage.execute.samples > 1 ? [id] : []));
