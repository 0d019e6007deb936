import type { Failed } from "../state/failed.js";
import type { Plan } from "../state/plan.js";
import type { Sample } from "../state/sample.js";
import type { Stage } from "../state/stage.js";
import type { Verdict } from "../state/verdict.js";
import type { UnknownPair } from "../state/unknown.js";

interface Carried {
  plans: readonly Plan[];
  samples: readonly Sample[];
  verdicts: readonly Verdict[];
}

/** A stage's samples in index order: parallel nodes finish in any order, decisions read them in one. */
export function samplesOf(stage: string, samples: readonly Sample[]): Sample[] {
  return samples.filter((sample) => sample.stage === stage).toSorted((a, b) => a.index - b.index);
}

/** The verdict of a stage that counts: its last. */
export function verdictOf(stage: string, verdicts: readonly Verdict[]): Verdict | undefined {
  return verdicts.findLast((verdict) => verdict.stage === stage);
}

/** Comparisons of the turn that could not be finished. */
export const unknownIn = (verdicts: readonly Verdict[]): UnknownPair[] =>
  verdicts.flatMap(({ unknown }) => unknown ?? []);

/**
 * The goal carried into a stage: that of the first sample of the leading answer, from the latest earlier stage that has
 * one. The paper takes one of the majority's goals at random (arXiv 2506.11578, section 3); the first one makes runs replay.
 */
export function carriedGoal({ samples, verdicts }: Carried): string | undefined {
  for (const { leader } of verdicts.toReversed()) {
    const goal = samples.find((sample) => sample.id === leader)?.goal;
    if (goal) return goal;
  }
  return undefined;
}

/** The guideline in force: the latest one that has text. */
export function guidelineInForce(plans: readonly Plan[]): string | undefined {
  return plans.findLast((plan) => plan.kind === "guideline" && plan.text !== "")?.text;
}

/** What a sample that was drawn had been shown. */
export function shownTo(
  sample: Sample,
  stage: Stage | undefined,
  plans: readonly Plan[],
): { goal?: string; guideline?: string } {
  // A guideline is only ever replaced by a later stage's, so the one in force then is the latest up to the sample's stage.
  const until = plans.filter((plan) => plan.kind === "guideline" && plan.text !== "");
  const guideline = stage?.sees.includes("guideline")
    ? (until.findLast((plan) => plan.stage === sample.stage) ?? until.at(-1))?.text
    : undefined;
  return { ...(sample.goal ? { goal: sample.goal } : {}), ...(guideline ? { guideline } : {}) };
}

/** What the executor of `stage` is shown, as far as it is known before its own goals are written. */
export function shownPlans(stage: Stage, run: Carried): { goal?: string; guideline?: string; planFailed?: Failed } {
  const writesGoals = stage.plan?.kind === "goal";
  const goal = stage.sees.includes("goal") && !writesGoals ? carriedGoal(run) : undefined;
  const guideline = stage.sees.includes("guideline") ? guidelineInForce(run.plans) : undefined;
  const own = run.plans.findLast((plan) => plan.stage === stage.name && plan.kind === "guideline");
  return {
    ...(goal ? { goal } : {}),
    ...(guideline ? { guideline } : {}),
    ...(own?.failed ? { planFailed: own.failed } : {}),
  };
}
