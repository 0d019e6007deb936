import { mostConfident } from "../cascade/answer.js";
import type { StageEnd } from "../cascade/decision.js";
import { shownPlans } from "../cascade/shown.js";
import type { ShownPlans } from "../families/types.js";
import type { RunState } from "../state/channels.js";
import type { Failed, Plan, Sample, UnknownPair } from "../state/sample.js";
import type { Settings } from "../state/options.js";
import type { Pending } from "../state/approval.js";
import type { Stage, Verdict } from "../state/stage.js";
import type { Kit } from "./kit.js";

/** A stage as this run's settings have it: samples and thresholds may differ from the list the graph was built of. */
export function stageNow(name: string, { stages }: Pick<Settings, "stages">): Stage {
  return stages.find((stage) => stage.name === name)!;
}

/** Whether nobody comes after a stage. */
export const isLastStage = ({ name }: Pick<Stage, "name">, { stages }: Pick<Settings, "stages">): boolean =>
  stages.at(-1)!.name === name;

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

type Run = Pick<RunState, "settings" | "samples" | "verdicts">;

/** How the stages have ended so far, by position; undefined for one that was not run. */
export function endsOf({ settings: { stages }, samples, verdicts }: Run): (StageEnd<Sample> | undefined)[] {
  return stages.map(({ name }, at) => {
    const verdict = verdictOf(name, verdicts);
    if (!verdict) {
      // A last stage with a single sample, which nobody scores.
      const leader = at === stages.length - 1 && samplesOf(name, samples).find(({ value }) => value !== undefined);
      return leader ? { leader, confidence: null, accepted: false } : undefined;
    }
    const { leader, winner, low, flip } = verdict;
    const accepted = verdict.decision === "accept";
    const id = accepted ? (winner ?? leader) : leader;
    return {
      leader: samples.find((sample) => sample.id === id),
      confidence: low,
      accepted,
      ...(flip
        ? { flip: { before: stages.findIndex((stage) => stage.name === flip.stage), guarded: flip.guarded } }
        : {}),
    };
  });
}

/** What the executor of `stage` is shown, as far as it is known before its own goals are written. */
export function plansFor(stage: Stage, run: Run & Pick<RunState, "plans">): ShownPlans & { planFailed?: Failed } {
  const guidelines = run.plans.filter(({ kind }) => kind === "guideline");
  const at = run.settings.stages.findIndex(({ name }) => name === stage.name);
  const { goal, guideline } = shownPlans(stage, { ends: endsOf(run).slice(0, at), guidelines });
  const own = guidelines.findLast((plan) => plan.stage === stage.name);
  return {
    ...(goal ? { goal: goal.goal! } : {}),
    ...(guideline ? { guideline } : {}),
    ...(own?.failed ? { planFailed: own.failed } : {}),
  };
}

/** What a sample that was drawn had been shown. */
export function shownTo(sample: Sample, stage: Stage | undefined, plans: readonly Plan[]): ShownPlans {
  // A guideline is only ever replaced by a later stage's, so the one in force then is the latest up to the sample's stage.
  const until = plans.filter((plan) => plan.kind === "guideline" && plan.text !== "");
  const guideline = stage?.sees.includes("guideline")
    ? (until.findLast((plan) => plan.stage === sample.stage) ?? until.at(-1))?.text
    : undefined;
  return { ...(sample.goal ? { goal: sample.goal } : {}), ...(guideline ? { guideline } : {}) };
}

/** What the run would answer if it ended here. */
export function bestSoFar(kit: Pick<Kit, "family">, state: RunState): Pending["best"] {
  const best = mostConfident(endsOf(state));
  if (!best) return undefined;
  const { leader, confidence } = best;
  return { value: kit.family(state.settings).print(leader.value!), stage: leader.stage, confidence: confidence! };
}
