import { resolveStages } from "../../graph/stages.js";
import { harmGuard, unguidedBefore } from "../../nodes/harm-guard.js";
import { critiqueOf } from "../../nodes/critique.js";
import { UNKNOWN } from "../../scorers/classes.js";
import type { VoteRun } from "../../scorers/run-vote.js";
import { isChecked, type Stage, type StageInput } from "../../state/stage.js";
import type { WavePolicy } from "../../state/wave.js";
import type { GuidelineStyle } from "../../families/types.js";
import { gradeIn, type Draw } from "../draw.js";
import { seriesOf, type Given, type Series } from "../series.js";
import type { View } from "../view.js";
import { outcomeOf } from "./outcome.js";
import { recordedScorer, type RecordedScorer } from "./recorded-scorers.js";
import type { Method, StageOutcome, Step, Wanted } from "./types.js";

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
  checked: boolean;
  /** Least confidence that is accepted; 0 in the last stage, which answers in any case. */
  threshold: number;
  score: RecordedScorer;
}

/** What earlier stages leave to later ones. */
interface Carried {
  goal?: Given["goal"];
  guideline?: string;
  /** The latest stage's draws, for a guideline that is shown how they split. */
  last: readonly Draw[];
}

/**
 * Any stage list as a method: the decisions of the graph, on recorded draws. `test/evaluation/parity.test.ts` holds the two
 * to the same answers, stages, confidence and calls.
 *
 * @throws CopeError `OPTIONS_INVALID` for a stage list that `createCope` would refuse, or a scorer that recorded draws
 *   say nothing of
 */
export function createCascade(options: CascadeOptions): Method {
  const { name, about, stages: given, style = "method", harmGuard: guarded = false } = options;
  const stages = resolveStages(given);
  const parts = stages.map((stage, i) => partOf(stage, stages, i, style));
  return {
    name,
    about,
    series: parts.flatMap(({ guideline, samples }) => [...(guideline ? [guideline] : []), samples]),
    decide: (view) => walk(parts, view, guarded),
  };
}

function partOf(stage: Stage, stages: readonly Stage[], i: number, style: GuidelineStyle): Part {
  const isLast = i === stages.length - 1;
  return {
    stage,
    samples: seriesOf(stage),
    guideline: stage.plan?.kind === "guideline" ? seriesOf(stage, { part: "plan", style }) : undefined,
    checked: isChecked(stages, i),
    threshold: isLast ? 0 : stage.accept!.threshold,
    score: recordedScorer(stage.accept?.scorer ?? "vote", stage.name),
  };
}

function walk(parts: readonly Part[], view: View, guarded: boolean): Step {
  const stages = parts.map(({ stage }) => stage);
  const done: StageOutcome[] = [];
  const leaders: (Draw | undefined)[] = [];
  const waves: (readonly Draw[])[] = [];
  let carried: Carried = { last: [] };
  const unguided = (i: number): Unguided | undefined => {
    const before = unguidedBefore(stages, i, (position) => leaders[position] !== undefined);
    return before === undefined ? undefined : { before, leader: leaders[before]!, low: done[before]!.confidence! };
  };

  for (const [i, part] of parts.entries()) {
    const { stage, samples, checked } = part;
    const isLast = i === parts.length - 1;
    const planned = planGuideline(part, carried, view);
    if ("wanted" in planned) return planned;
    if (planned.draw) waves.push([planned.draw]);
    carried = { ...carried, ...(planned.draw?.text ? { guideline: planned.draw.text } : {}) };

    const shown = shownTo(stage, carried);
    const n = stage.execute.samples;
    // A guideline that failed fails its samples, without a call.
    const drawn = planned.draw?.failed ? [] : view.prefix(samples, shown, n);
    const { flip, ...run } = planned.draw?.failed
      ? { decision: "escalate" as const, leader: undefined, drawn: 0, low: 0, flip: undefined }
      : checked
        ? scoreGuarded(part, drawn, view, { unguided: unguided(i), isLast, guarded })
        : { ...single(drawn), flip: undefined };
    const kept = flip?.guarded ?? false;
    if (run.decision === "sample") {
      const missing = Array.from({ length: run.drawn - drawn.length }, (_, offset) => drawn.length + offset);
      return { wanted: missing.map((index) => ({ series: samples, given: shown, index })) };
    }
    const used = drawn.slice(0, run.drawn);
    if (used.length > 0) waves.push(used);
    const leader = run.leader === undefined ? undefined : used[run.leader];
    leaders.push(kept ? undefined : leader);
    done.push({
      name: stage.name,
      value: leader?.value ?? null,
      ...gradeIn(leader),
      confidence: checked ? run.low : null,
      decision: isLast ? "last" : kept ? "escalate" : run.decision,
      drawn: used.length,
      ...unknownAmong(view.labels(drawn).slice(0, used.length)),
      ...(flip ? { flip } : {}),
    });
    // The unguided answer stays, whatever stages there were between.
    if (isLast && kept) leaders.fill(undefined, flip!.before + 1);
    if (isLast || (run.decision === "accept" && !kept)) break;
    carried = {
      ...carried,
      last: used,
      ...(leader?.goal ? { goal: { index: leader.index, text: leader.goal } } : {}),
    };
  }
  return { outcome: outcomeOf(done, leaders, waves) };
}

/** How many samples of a stage nobody could tell from others. */
function unknownAmong(labels: readonly number[]): Pick<StageOutcome, "unknown"> {
  const unknown = labels.filter((label) => label === UNKNOWN).length;
  return unknown > 0 ? { unknown } : {};
}

/** The stage's own guideline, where it writes one: at hand, or wanted. */
function planGuideline(
  { guideline }: Part,
  { last }: Carried,
  view: View,
): { draw?: Draw } | { wanted: readonly Wanted[] } {
  if (!guideline) return {};
  const given = guideline.style === "critique" ? critiqueOf(last, view.labels(last)) : {};
  const draw = view.find(guideline, given, 0);
  return draw ? { draw } : { wanted: [{ series: guideline, given, index: 0 }] };
}

/** What a stage's samples are shown of what earlier stages, and its own planner, have written. */
export function shownTo({ sees, plan }: Stage, { goal, guideline }: Pick<Given, "goal" | "guideline">): Given {
  return {
    ...(sees.includes("goal") && plan?.kind !== "goal" && goal ? { goal } : {}),
    ...(sees.includes("guideline") && guideline ? { guideline } : {}),
  };
}

/** What a guided answer is held against. */
interface Unguided {
  /** Position of its stage. */
  before: number;
  leader: Draw;
  low: number;
}

/** A checked stage, wave by wave; where the harm guard wants to know more, with all its samples. */
function scoreGuarded(
  { stage, threshold, score }: Part,
  drawn: readonly Draw[],
  view: View,
  { unguided, isLast, guarded }: { unguided: Unguided | undefined; isLast: boolean; guarded: boolean },
): Omit<VoteRun, "waves"> & Pick<StageOutcome, "flip"> {
  const { samples: planned, wave, stop } = stage.execute;
  const scored = (policy: WavePolicy): Omit<VoteRun, "waves"> & { guard?: ReturnType<typeof harmGuard> } => {
    const { waves: _, ...run } = score(drawn, view, { threshold, policy, planned, stop });
    const answers = run.decision === "accept" || (isLast && run.decision !== "sample");
    if (!unguided || !answers || run.leader === undefined) return run;
    const [before, now] = view.labels([unguided.leader, drawn[run.leader]!]);
    // What nobody could tell from it has not replaced it.
    if (before === now || now === UNKNOWN) return run;
    return { ...run, guard: harmGuard({ before: unguided.low, now: run.low, drawn: run.drawn, planned }) };
  };
  const first = scored(wave);
  const { guard, ...run } = guarded && first.guard === "sample" ? scored("all") : first;
  return { ...run, ...(guard ? { flip: { before: unguided!.before, guarded: guarded && guard === "harm" } } : {}) };
}

/** A last stage with a single sample, which nobody scores. */
function single(drawn: readonly Draw[]) {
  const decision = drawn.length > 0 ? ("escalate" as const) : ("sample" as const);
  return { decision, leader: drawn[0]?.value == null ? undefined : 0, drawn: 1, low: 0 };
}
