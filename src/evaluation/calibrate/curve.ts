import type { Calibration } from "../../state/calibration.js";
import { createCascade } from "../methods/cascade.js";
import { riskCoverage } from "../numbers/risk-coverage.js";
import type { View } from "../view.js";
import type { Measure } from "./decided.js";
import type { Setting } from "./settings.js";

/**
 * What the first stage's confidence lets through, and how good that is, by all of its n draws: with fewer its confidence
 * would not be the final one. Null where it measures none, or a draw is not recorded.
 */
export function firstStageCurve(
  { stages, list }: Setting,
  views: readonly View[],
  { grade }: Measure,
): Calibration["riskCoverage"] {
  const [first] = stages;
  if (!first || first.execute.samples < 2) return null;
  // Alone, the guideline or goal that it sees is still its own.
  const whole = { ...first, execute: { ...first.execute, wave: "all" as const } };
  const method = createCascade({ name: first.name, about: "", stages: [whole], style: list.style });
  const scores: number[] = [];
  const labels: boolean[] = [];
  for (const view of views) {
    const step = method.decide(view);
    if (!("outcome" in step)) return null;
    const [stage] = step.outcome.stages;
    scores.push(stage!.confidence ?? 0);
    labels.push(grade(view, stage!, step.outcome.waves.flat()) ?? false);
  }
  return { stage: first.name, ...riskCoverage(scores, labels) };
}
