import { answers, decideStage, thresholdOf, unguidedBefore, type StageEnd } from "../../cascade/decision.js";
import type { StageRun } from "../../cascade/recorded-stage.js";
import { critiqueOf, shownPlans } from "../../cascade/shown.js";
import { resolveStages } from "../../cascade/stages.js";
import type { GuidelineStyle } from "../../families/types.js";
import { UNKNOWN } from "../../scorers/classes.js";
import { isChecked, type Stage, type StageInput } from "../../state/stage.js";
import { gradeIn, type Draw } from "../recordings/draw.js";
import { seriesOf, type Given, type Series } from "../recordings/series.js";
import type { View } from "../recordings/view.js";
import { endOf, outcomeOf } from "./outcome.js";
import { recordedScorer, type RecordedScorer } from "./recorded-scorers.js";
import type { Method, StageOutcome, Step } from "./types.js";

/** What a cascade is evaluated as. */
export interface CascadeOptions {
  name: string;
  about: string;
  stages: string | readonly StageInput[];
  style?: GuidelineStyle;
  /** As the option of `createCope`. @default false */
  harmGuard?: boolean;
}

/** A stage with the series it draws from. */
interface Part {
  stage: Stage;
  samples: Series;
  guideline: Series | undefined;
  score: RecordedScorer;
}

/**
 * Any stage list as a method: the decisions of `src/cascade`, which nodes call with a run's state, on recorded draws.
 *
 * @throws CopeError `OPTIONS_INVALID` for a stage list that `createCope` would refuse, or a scorer that recorded draws
 *   say nothing of
 */
export function createCascade(options: CascadeOptions): Method {
  const { name, about, style = "method", harmGuard = false } = options;
  const parts = resolveStages(options.stages).map((stage): Part => ({
    stage,
    samples: seriesOf(stage),
    guideline: stage.plan?.kind === "guideline" ? seriesOf(stage, { part: "plan", style }) : undefined,
    score: recordedScorer(stage.accept?.scorer ?? "vote", stage.name),
  }));
  return {
    name,
    about,
    series: parts.flatMap(({ guideline, samples }) => [...(guideline ? [guideline] : []), samples]),
    decide: (view) => walk(parts, view, harmGuard),
  };
}

function walk(parts: readonly Part[], view: View, harmGuard: boolean): Step {
  const stages = parts.map(({ stage }) => stage);
  const done: StageOutcome[] = [];
  const ends: StageEnd<Draw>[] = [];
  const waves: (readonly Draw[])[] = [];
  const guidelines: Draw[] = [];
  /** The latest stage's draws, for a guideline that is shown how they split. */
  let last: readonly Draw[] = [];

  for (const [at, { stage, samples, guideline: series, score }] of parts.entries()) {
    let guideline: Draw | undefined;
    if (series) {
      const given = series.style === "critique" ? critiqueOf(last, view.labels(last)) : {};
      guideline = view.find(series, given, 0);
      if (!guideline) return { wanted: [{ series, given, index: 0 }] };
      waves.push([guideline]);
      guidelines.push(guideline);
    }
    const shown = givenOf(shownPlans(stage, { ends, guidelines }));
    // A guideline that failed fails its samples, without a call.
    const drawn = guideline?.failed ? [] : view.prefix(samples, shown, stage.execute.samples);
    const run = runRecorded({
      stages,
      at,
      ends,
      drawn,
      isDoomed: guideline?.failed !== undefined,
      score,
      view,
      harmGuard,
    });
    if (run.decision === "sample") {
      const missing = Array.from({ length: run.drawn - drawn.length }, (_, offset) => drawn.length + offset);
      return { wanted: missing.map((index) => ({ series: samples, given: shown, index })) };
    }
    last = drawn.slice(0, run.drawn);
    if (last.length > 0) waves.push(last);
    const leader = run.leader === undefined ? undefined : last[run.leader];
    const outcome: StageOutcome = {
      name: stage.name,
      value: leader?.value ?? null,
      ...gradeIn(leader),
      confidence: isChecked(stages, at) ? run.low : null,
      decision: run.decision,
      drawn: last.length,
      ...unknownAmong(view.labels(drawn).slice(0, last.length)),
      ...(run.flip ? { flip: run.flip } : {}),
    };
    done.push(outcome);
    ends.push(endOf(outcome, leader));
    if (run.decision !== "escalate") break;
  }
  return { outcome: outcomeOf(done, ends, waves) };
}

/** What a draw is shown of plans, as recordings name it. */
export function givenOf({ goal, guideline }: { goal?: Draw; guideline?: string }): Given {
  return {
    ...(goal ? { goal: { index: goal.index, text: goal.goal! } } : {}),
    ...(guideline ? { guideline } : {}),
  };
}

/** How many samples of a stage nobody could tell from others. */
function unknownAmong(labels: readonly number[]): Pick<StageOutcome, "unknown"> {
  const unknown = labels.filter((label) => label === UNKNOWN).length;
  return unknown > 0 ? { unknown } : {};
}

/** A stage about to be run on its draws. */
interface Recorded {
  stages: readonly Stage[];
  at: number;
  /** Of the stages before. */
  ends: readonly StageEnd<Draw>[];
  drawn: readonly Draw[];
  /** Its guideline failed, and with it every sample. */
  isDoomed: boolean;
  score: RecordedScorer;
  view: View;
  harmGuard: boolean;
}

/** Runs one stage wave by wave; where the harm guard wants to know more, with all its samples. */
function runRecorded({ stages, at, ends, drawn, isDoomed, score, view, harmGuard }: Recorded) {
  const { samples: planned, wave, stop } = stages[at]!.execute;
  const isLast = at === stages.length - 1;
  const unguided = unguidedBefore(stages, at, ends);
  /** The unguided answer, where it is surely another. What nobody could tell from it has not replaced it. */
  const rivalOf = ({ decision, leader }: RunPart) => {
    if (unguided === undefined || leader === undefined || !answers(decision, isLast)) return undefined;
    const before = ends[unguided]!;
    const [old, now] = view.labels([before.leader!, drawn[leader]!]);
    return old === now || now === UNKNOWN ? undefined : { at: unguided, confidence: before.confidence! };
  };
  const decided = (run: RunPart) => {
    const { decision: proposal, low, drawn: count } = run;
    return decideStage({ proposal, isLast, low, drawn: count, planned, rival: rivalOf(run), harmGuard });
  };
  if (isDoomed || !isChecked(stages, at)) {
    const run = isDoomed ? LOST : single(drawn);
    return { ...run, ...decided(run) };
  }
  const threshold = thresholdOf(stages, at);
  const first = score(drawn, view, { threshold, policy: wave, planned, stop });
  const decision = decided(first);
  if (decision.decision !== "sample" || !decision.rest) return { ...first, ...decision };
  const all = score(drawn, view, { threshold, policy: "all", planned, stop });
  return { ...all, ...decided(all) };
}

type RunPart = Omit<StageRun, "waves">;

/** A stage all of whose samples failed with their guideline. */
const LOST: RunPart = { decision: "escalate", leader: undefined, drawn: 0, low: 0 };

/** A last stage with a single sample, which nobody scores. */
function single(drawn: readonly Draw[]): RunPart {
  const decision = drawn.length > 0 ? "escalate" : "sample";
  return { decision, leader: drawn[0]?.value == null ? undefined : 0, drawn: 1, low: 0 };
}
