import type { GuidelineStyle } from "../../families/types.js";
import type { WavePolicy } from "../../state/wave.js";
import { wilson } from "../numbers/wilson.js";
import type { Recorded } from "../recorded.js";
import { largeCost } from "../summary/costs.js";
import { countedRight, gradable, isGradeUnknown } from "../summary/graded.js";
import type { MethodRow } from "../summary/types.js";
import type { Ended } from "./nearest.js";

/** One way to run a cascade. */
export interface Setting {
  /** n of the stages that draw more than one. */
  samples: number;
  /** `as listed`: each stage has the policy of the stage list. */
  wave: WavePolicy | "as listed";
  style: GuidelineStyle;
  /** One for each stage that has one, in order. */
  thresholds: readonly number[];
  /** The least votes that reach each of them: settings that ask for the same votes end alike. */
  needed: readonly number[];
}

/** What a setting would have cost and scored; what it shares with a method's line means the same. */
export interface GridRow
  extends
    Setting,
    Pick<MethodRow, "n" | "right" | "accuracy" | "interval" | "unreadable" | "failed" | "ungraded" | "unknown"> {
  /** Input + 4 × output tokens of the role `large`, mean of a problem; null where some were not counted. */
  largeCost: number | null;
  /** Samples drawn, mean of a problem; guidelines are none. */
  draws: number;
  /** Problems by the stage that answered. */
  ends: Readonly<Record<string, number>>;
  /** Problems for which draws of another goal were taken. */
  approximate: number;
}

type Said = Omit<GridRow, keyof Setting>;

/** One end as a row counts it. */
interface Counted {
  right: boolean | undefined;
  unknown: boolean;
  status: "answered" | "unreadable" | "failed";
  cost: number | null;
  drawn: number;
  ended: string;
}

/** Sums up how a recording's problems ended under one setting; ends that settings share are counted up once. */
export function createTally({
  problems,
  draws,
}: Pick<Recorded, "problems" | "draws">): (ends: readonly Ended[]) => Said {
  const canGrade = gradable({ problems, outcomes: new Map([["recorded", everything(problems, draws)]]) });
  const counted = new WeakMap<Ended, Counted>();
  const count = (end: Ended, i: number): Counted => {
    const known = counted.get(end);
    if (known) return known;
    if ("missing" in end) throw new Error("a row has no room for what is missing");
    const { outcome } = end;
    const made = {
      right: countedRight(outcome, canGrade[i]!),
      unknown: isGradeUnknown(outcome),
      status: outcome.status,
      cost: largeCost(outcome),
      drawn: outcome.stages.reduce((sum, { drawn }) => sum + drawn, 0),
      ended: outcome.ended,
    };
    counted.set(end, made);
    return made;
  };
  return (ends) => {
    const all = ends.map(count);
    const answered = all.filter(({ status }) => status !== "failed");
    const graded = answered.filter(({ right }) => right !== undefined);
    const right = graded.filter((end) => end.right).length;
    const n = graded.length;
    let cost: number | null = answered.length === 0 ? null : 0;
    for (const end of answered) cost = cost === null || end.cost === null ? null : cost + end.cost;
    const ends_: Record<string, number> = {};
    for (const { ended } of answered) ends_[ended] = (ends_[ended] ?? 0) + 1;
    return {
      n,
      right,
      accuracy: n === 0 ? null : right / n,
      interval: wilson(right, n),
      unreadable: graded.filter(({ status }) => status === "unreadable").length,
      failed: all.length - answered.length,
      ungraded: answered.filter((end) => end.right === undefined && !end.unknown).length,
      unknown: answered.filter((end) => end.unknown).length,
      largeCost: cost === null ? null : cost / answered.length,
      draws: answered.reduce((sum, { drawn }) => sum + drawn, 0) / Math.max(1, answered.length),
      ends: ends_,
      approximate: ends.filter((end) => "outcome" in end && end.approximate).length,
    };
  };
}

/** All draws of each problem, as if one method had paid for them. */
function everything(problems: Recorded["problems"], draws: Recorded["draws"]) {
  const byProblem = Map.groupBy(draws, ({ problem }) => problem);
  const nothing = { value: null, right: null, status: "answered", ended: "", confidence: null, stages: [] } as const;
  return problems.map(({ id }) => ({ ...nothing, waves: [byProblem.get(id) ?? []] }));
}
