import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { answers, decideStage, thresholdOf, unguidedBefore, type StageStanding } from "../cascade/decision.js";
import { CopeError } from "../errors.js";
import { decide } from "../scorers/decide.js";
import { keepUnknown } from "../scorers/keep-unknown.js";
import type { Same, Scorer } from "../scorers/types.js";
import { validConfidence } from "../scorers/validate.js";
import type { RunState, RunUpdate } from "../state/channels.js";
import type { Sample, SampleId } from "../state/sample.js";
import type { Stage, Stop, Verdict } from "../state/stage.js";
import { endsOf, samplesOf, unknownIn } from "./history.js";
import type { Kit } from "./kit.js";
import { withSeen } from "./thinking.js";
import { planWave } from "./wave.js";

/**
 * The check of a stage: runs its scorer over the samples drawn, has the cascade decide, and plans the next wave, of this stage
 * or of the next one. Edges only read what it wrote.
 */
export function createCheckNode(kit: Kit, name: string) {
  return async function check(arriving: RunState, config: LangGraphRunnableConfig): Promise<RunUpdate> {
    const settings = await withSeen(kit, arriving.settings, arriving);
    const update = await verdictOn(kit, name, { ...arriving, settings }, config);
    return settings === arriving.settings ? update : { ...update, settings };
  };
}

async function verdictOn(
  kit: Kit,
  name: string,
  state: RunState,
  config: LangGraphRunnableConfig,
): Promise<Pick<RunUpdate, "verdicts" | "wave">> {
  const { settings, verdicts } = state;
  const { stages } = settings;
  const at = stages.findIndex((stage) => stage.name === name);
  const [stage, next] = [stages[at]!, stages[at + 1]];
  const threshold = thresholdOf(stages, at);
  const planned = stage.execute.samples;
  const samples = samplesOf(name, state.samples);
  const drawn = samples.length;
  const waves = 1 + verdicts.filter((verdict) => verdict.stage === name).length;

  const score = kit.scorer(stage, settings);
  if (drawn === planned) assertLogprobs(score, stage, samples);
  const { same, found: unknown } = keepUnknown(kit.family(settings).same, unknownIn(verdicts));
  const confidence = validConfidence(await score(samples, { planned, same }), samples);
  const { low, high, winner, leader } = confidence;
  const progress = { threshold, drawn, planned };
  const { stop } = stage.execute;
  const chances = stop && (await score.chances?.(samples, { planned, same, threshold }));
  const certain = decide(confidence, progress);
  const proposal = chances ? decide(confidence, { ...progress, likely: { ...chances, ...stop } }) : certain;
  const likeliness = proposal === certain ? "" : `, by a likelihood above ${percent(1 - stop!.chance)}`;

  const isLast = next === undefined;
  const rival = answers(proposal, isLast) ? await rivalOf(same, at, winner ?? leader, state) : undefined;
  const { harmGuard = false } = settings;
  const decided = decideStage({ proposal, isLast, low, drawn, planned, rival, harmGuard });
  const lessSure = rival && `less sure than stage "${stages[rival.at]!.name}" was of another answer`;

  const write = (decision: Verdict["decision"], because: string, ended?: Stop): Verdict => ({
    stage: name,
    low,
    high,
    planned,
    drawn,
    waves,
    decision,
    ...(winner === undefined ? {} : { winner }),
    ...(leader === undefined ? {} : { leader }),
    threshold: isLast ? null : threshold,
    why: `${confidence.why}${emptyPlans(name, state)}: ${because}`,
    ...(ended ? { stop: ended } : {}),
    ...(decided.flip
      ? { flip: { stage: stages[rival!.at]!.name, from: rival!.from, guarded: decided.flip.guarded } }
      : {}),
    ...(unknown.length > 0 ? { unknown } : {}),
  });
  if (decided.decision === "sample") {
    const open = decided.rest ? lessSure! : "not settled";
    const wave = await planWave(kit, state, name, { samples, waves, planned: true, rest: decided.rest, same }, config);
    if (wave.stop) return { verdicts: [write("stopped", `${open}, and ${LIMIT[wave.stop]}`, wave.stop)], wave };
    return { verdicts: [write("sample", `${open}, ${wave.indices.length} more to draw`)], wave };
  }
  const harm = decided.flip?.guarded ? `${lessSure} (${rival!.confidence})` : undefined;
  if (isLast) {
    const late = samples.some((sample) => sample.failed?.runOver);
    if (late) return { verdicts: [write("stopped", LIMIT.timeout, "timeout")], wave: null };
    const last = leader === undefined ? "an earlier stage has to answer" : `the last stage answers${likeliness}`;
    return { verdicts: [write("last", harm ? `${harm}, which stays` : last)], wave: null };
  }
  if (decided.decision === "accept")
    return { verdicts: [write("accept", `the threshold of ${threshold} is reached${likeliness}`)], wave: null };

  const short = drawn < planned ? "can no longer be reached" : "is not reached";
  const missed = harm ?? `the threshold of ${threshold} ${likeliness ? `will not be reached${likeliness}` : short}`;
  const wave = await planWave(kit, state, next.name, {}, config);
  if (wave.stop) {
    const because = `${missed}, and ${LIMIT[wave.stop]} before stage "${next.name}"`;
    return { verdicts: [write("stopped", because, wave.stop)], wave };
  }
  return { verdicts: [write("escalate", `${missed}, so stage "${next.name}" follows`)], wave };
}

/** The unguided answer that a guided stage's is not; undefined where there is none, it is the same, or nobody could tell. */
async function rivalOf(
  same: Same,
  at: number,
  answer: SampleId | undefined,
  state: RunState,
): Promise<(NonNullable<StageStanding["rival"]> & { from: SampleId }) | undefined> {
  const ends = endsOf(state);
  const before = unguidedBefore(state.settings.stages, at, ends);
  if (before === undefined || answer === undefined) return undefined;
  const { leader, confidence } = ends[before]!;
  const { value } = state.samples.find(({ id }) => id === answer)!;
  if ((await same(leader!.value!, value!)) !== false) return undefined;
  return { at: before, confidence: confidence!, from: leader!.id };
}

/** Plans that were paid and are none. */
function emptyPlans(stage: string, { plans }: RunState): string {
  const empty = plans.filter((plan) => plan.stage === stage && plan.failed?.code === "PLAN_EMPTY");
  const [first] = empty;
  if (!first) return "";
  const which = first.kind === "guideline" ? "the guideline was empty" : `${empty.length} goals were empty`;
  return `, ${which} (${first.failed!.message})`;
}

/**
 * A server may leave out the log-probabilities of a text now and then, which costs that sample its vote. Of a whole stage it
 * would leave a scorer to score nothing, and every question to the next stage.
 *
 * @param samples - all that the stage draws
 * @throws CopeError `ABILITY_MISSING`
 */
function assertLogprobs({ needs = [] }: Pick<Scorer, "needs">, stage: Stage, samples: readonly Sample[]): void {
  const readable = samples.filter(({ value }) => value !== undefined);
  if (!needs.includes("logprobs") || readable.length === 0 || readable.some(({ logprobs }) => logprobs)) return;
  throw new CopeError(
    "ABILITY_MISSING",
    `no sample of stage "${stage.name}", drawn by "${stage.execute.by}", has the log-probabilities of all its tokens, which the scorer reads.`,
    'use a model or server that reports them (`cope doctor --model PROVIDER:MODEL`), or another scorer: "agreement" for open text.',
  );
}

const percent = (share: number): string => `${Number((100 * share).toFixed(2))} %`;

const LIMIT: Record<Stop, string> = {
  budget: "the budget ended the run",
  timeout: "the time was up",
  rejected: "a person said no",
};
