import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { decide } from "../scorers/decide.js";
import { keepUnknown } from "../scorers/keep-unknown.js";
import type { Scorer } from "../scorers/types.js";
import { validConfidence } from "../scorers/validate.js";
import type { RunState, RunUpdate } from "../state/channels.js";
import type { Sample } from "../state/sample.js";
import type { Stage } from "../state/stage.js";
import type { Stop } from "../state/stop.js";
import type { Verdict } from "../state/verdict.js";
import { flipOf, type FlipFound } from "./flip.js";
import { samplesOf, unknownIn } from "./carry.js";
import { harmGuard } from "./harm-guard.js";
import type { Kit } from "./kit.js";
import { assertTold } from "./needs.js";
import { withSeen } from "./thinking.js";
import { planWave, stageNow, thresholdOf } from "./wave.js";

/**
 * The decision of a stage: runs its scorer over the samples drawn, holds the confidence against the threshold, and plans
 * the next wave, of this stage or of the next one. Edges only read what it wrote.
 *
 * @param next - name of the next stage; undefined for the last one, which answers in any case
 */
export function createCheckNode(kit: Kit, name: string, next: string | undefined) {
  return async function check(given: RunState, config: LangGraphRunnableConfig): Promise<RunUpdate> {
    const settings = await withSeen(kit, given.settings, given);
    const update = await decideOn({ ...given, settings }, config);
    return settings === given.settings ? update : { ...update, settings };
  };

  async function decideOn(state: RunState, config: LangGraphRunnableConfig): Promise<RunUpdate> {
    const { settings } = state;
    const stage = stageNow(name, settings);
    const threshold = thresholdOf(stage, settings);
    const planned = stage.execute.samples;
    const samples = samplesOf(name, state.samples);
    const waves = 1 + state.verdicts.filter((verdict) => verdict.stage === name).length;

    const score = kit.scorer(stage, settings);
    if (samples.length === planned) assertTold(score, stage, samples);
    const { same, found: unknown } = keepUnknown(kit.family(settings).same, unknownIn(state.verdicts));
    const confidence = validConfidence(await score(samples, { planned, same }), samples);
    const { low, high, winner, leader, why } = confidence;
    const standing = { stage: name, low, high, planned, drawn: samples.length, waves };
    let flip: Verdict["flip"];
    const write = (decision: Verdict["decision"], because: string, stop?: Stop): Verdict => ({
      ...standing,
      decision,
      ...(winner === undefined ? {} : { winner }),
      ...(leader === undefined ? {} : { leader }),
      threshold: next === undefined ? null : threshold,
      why: `${why}${emptyPlans(name, state)}: ${because}`,
      ...(stop ? { stop } : {}),
      ...(flip ? { flip } : {}),
      ...(unknown.length > 0 ? { unknown } : {}),
    });

    const likely = await likelyEnd(score, samples, stage, { planned, same, threshold });
    const progress = { threshold, drawn: samples.length, planned };
    const certain = decide(confidence, progress);
    const proposed = likely ? decide(confidence, { ...progress, likely }) : certain;
    const likeliness = proposed === certain ? "" : `, by a likelihood above ${percent(1 - likely!.chance)}`;
    const answers = proposed === "accept" || (next === undefined && proposed !== "sample");
    const found = answers ? await flipOf(same, stage, winner ?? leader, state) : undefined;
    const guard =
      found && settings.harmGuard
        ? harmGuard({ before: found.confidence, now: low, drawn: samples.length, planned })
        : "pass";
    if (proposed === "sample" || guard === "sample") {
      const wave = await planWave(
        kit,
        state,
        name,
        { samples, waves, planned: true, rest: guard === "sample", same },
        config,
      );
      const open = guard === "sample" ? `less sure than stage "${found!.stage}" was of another answer` : "not settled";
      if (wave.stop) return { verdicts: [write("stopped", `${open}, and ${LIMIT[wave.stop]}`, wave.stop)], wave };
      return { verdicts: [write("sample", `${open}, ${wave.indices.length} more to draw`)], wave };
    }
    const harm = guard === "harm" ? lessSure(found!) : undefined;
    if (found) flip = { stage: found.stage, from: found.from, guarded: harm !== undefined };
    if (next === undefined) {
      const late = samples.some((sample) => sample.failed?.runOver);
      if (late) return { verdicts: [write("stopped", LIMIT.timeout, "timeout")], wave: null };
      const last = leader === undefined ? "an earlier stage has to answer" : `the last stage answers${likeliness}`;
      return { verdicts: [write("last", harm ? `${harm}, which stays` : last)], wave: null };
    }
    if (proposed === "accept" && !harm)
      return { verdicts: [write("accept", `the threshold of ${threshold} is reached${likeliness}`)], wave: null };

    const short = samples.length < planned ? "can no longer be reached" : "is not reached";
    const missed = harm ?? `the threshold of ${threshold} ${likeliness ? `will not be reached${likeliness}` : short}`;
    const wave = await planWave(kit, state, next, {}, config);
    if (wave.stop)
      return {
        verdicts: [write("stopped", `${missed}, and ${LIMIT[wave.stop]} before stage "${next}"`, wave.stop)],
        wave,
      };
    return { verdicts: [write("escalate", `${missed}, so stage "${next}" follows`)], wave };
  }
}

/** Plans that were paid and are none. */
function emptyPlans(stage: string, { plans }: RunState): string {
  const empty = plans.filter((plan) => plan.stage === stage && plan.failed?.code === "PLAN_EMPTY");
  const [first] = empty;
  if (!first) return "";
  const which = first.kind === "guideline" ? "the guideline was empty" : `${empty.length} goals were empty`;
  return `, ${which} (${first.failed!.message})`;
}

const lessSure = ({ stage, confidence }: FlipFound): string =>
  `less sure than stage "${stage}" was of another answer (${confidence})`;

/** How all planned samples would decide, where the stage may stop by that. */
async function likelyEnd(scorer: Scorer, samples: readonly Sample[], { execute }: Stage, draw: Likelihood) {
  const chances = execute.stop && (await scorer.chances?.(samples, draw));
  return chances && { ...chances, chance: execute.stop!.chance };
}

type Likelihood = Parameters<NonNullable<Scorer["chances"]>>[1];

const percent = (share: number): string => `${Number((100 * share).toFixed(2))} %`;

const LIMIT: Record<Stop, string> = {
  budget: "the budget ended the run",
  timeout: "the time was up",
  rejected: "a person said no",
};
