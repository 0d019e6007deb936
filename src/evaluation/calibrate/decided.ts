import type { Draw } from "../draw.js";
import type { Outcome } from "../methods/types.js";
import type { View } from "../view.js";
import { callsOf } from "../call-costs.js";
import { otherTokens, type CostOf } from "./cost.js";
import type { Grade } from "./grade.js";
import type { Setting } from "./settings.js";

/** How a setting did on each problem. */
export interface Decided {
  setting: Setting;
  /** 1 where right. */
  right: Uint8Array;
  /** NaN where a model's tokens or price are unknown. */
  cost: Float64Array;
  /** Weighted tokens of other models than the large one; NaN where unknown. */
  other: Float64Array;
  /** Problems, from the first on, that the recording can decide: the rest of the arrays says nothing. */
  reach: number;
}

/** What is measured by. */
export interface Measure {
  grade: Grade;
  costOf: CostOf;
}

/** An outcome with its grade; undefined where the recording lacks a draw, or nothing was answered. */
export function decideOn(
  { method }: Setting,
  view: View,
  { grade }: Measure,
): { outcome: Outcome; right: boolean; draws: readonly Draw[] } | undefined {
  const step = method.decide(view);
  if (!("outcome" in step)) return undefined;
  const { outcome } = step;
  const draws = outcome.waves.flat();
  const right = outcome.status === "failed" ? null : grade(view, outcome, draws);
  return right === null ? undefined : { outcome, right, draws };
}

/** Decides a setting problem by problem, up to the first that the recording cannot decide. */
export function decideAll(setting: Setting, views: readonly View[], measure: Measure): Decided {
  const right = new Uint8Array(views.length);
  const cost = new Float64Array(views.length);
  const other = new Float64Array(views.length);
  for (const [i, view] of views.entries()) {
    const decided = decideOn(setting, view, measure);
    if (!decided) return { setting, right, cost, other, reach: i };
    const calls = callsOf(decided.outcome);
    right[i] = decided.right ? 1 : 0;
    cost[i] = measure.costOf(calls) ?? Number.NaN;
    other[i] = otherTokens(calls) ?? Number.NaN;
  }
  return { setting, right, cost, other, reach: views.length };
}

/** Of the settings with all samples that half of the problems can decide, the share that all in use must be able to. */
const KEPT = 0.9;

/**
 * How many problems, from the first on, are recorded whole. A recording that was stopped lacks draws of its last problems:
 * cutting by place keeps the rest a fair sample, which leaving out the problems that lack a draw would not, since which
 * draws were made may depend on the answers.
 */
export function wholeProblems(settings: readonly Pick<Decided, "reach" | "setting">[], n: number): number {
  // Fewer samples lead to other goals carried on, whose draws were not made: that is no sign of a recording that stopped.
  const all = settings.filter(({ setting }) => setting.full);
  const least = KEPT * all.filter(({ reach }) => reach >= Math.ceil(n / 2)).length;
  let whole = n;
  while (whole > Math.ceil(n / 2) && all.filter(({ reach }) => reach >= whole).length < least) whole -= 1;
  return whole;
}
