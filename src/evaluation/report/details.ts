import { gzipSync } from "node:zlib";
import type { Draw } from "../recordings/draw.js";
import type { Evaluation } from "../evaluation.js";
import type { Method, Outcome } from "../methods/types.js";
import { largeCost, millisecondsOf } from "../summary/costs.js";
import { countedRight, gradable, guidelineSeries, stageDraws } from "../summary/row.js";
import type { Calibration } from "../../state/calibration.js";
import type { Section } from "../summary/sections.js";

/**
 * Everything that a reader can drill down to, compressed and as base64: no draw twice, whoever reads it, and only letters
 * that mean nothing to a page.
 */
export function packDetails(evaluation: Evaluation, questions?: ReadonlyMap<string, string>): string {
  return gzipSync(JSON.stringify(detailsOf(evaluation, questions)), { level: 9 }).toString("base64");
}

/** The same as plain data: what the page's script reads. */
export function detailsOf(evaluation: Evaluation, questions: ReadonlyMap<string, string> = new Map()) {
  const { methods, problems, outcomes } = evaluation;
  const guidelines = guidelineSeries(methods);
  const canGrade = gradable(evaluation);
  const draws: ReturnType<typeof drawOf>[] = [];
  // The same draw may have been read more than once: its place tells.
  const places = new Map<string, number>();
  const indexOf = (problem: number) => (draw: Draw) => {
    const place = JSON.stringify([problem, draw.series, draw.given, draw.index]);
    const known = places.get(place) ?? draws.push(drawOf(draw)) - 1;
    places.set(place, known);
    return known;
  };
  return {
    methods: methods.map(({ name, about, series }) => ({ name, about, thresholds: thresholdsOf(series) })),
    problems: problems.map(({ id, about }) => ({ id, about, question: questions.get(id) })),
    outcomes: methods.map(({ name }) =>
      outcomes.get(name)!.map((outcome, i) => outcomeOf(outcome, canGrade[i]!, guidelines, indexOf(i))),
    ),
    draws,
  };
}

function outcomeOf(
  outcome: Outcome,
  canGrade: boolean,
  guidelines: ReadonlySet<string>,
  index: (draw: Draw) => number,
) {
  const { value, status, ended, confidence, fallbackFrom, stages } = outcome;
  const draws = stageDraws(outcome, guidelines);
  return {
    value,
    status,
    // True, false, or null where it is not counted.
    right: countedRight(outcome, canGrade) ?? null,
    ended,
    confidence,
    fallbackFrom,
    cost: largeCost(outcome),
    ms: Math.round(millisecondsOf(outcome)),
    stages: stages.map((stage, i) => {
      const { guideline, samples } = draws[i]!;
      return { ...stage, guideline: guideline ? index(guideline) : null, samples: samples.map(index) };
    }),
  };
}

function drawOf({ index, given, text, goal, value, right, failed, finish, readBy, calls }: Draw) {
  const asked = calls.map(({ role, model, purpose, inputTokens, outputTokens, ms }) => ({
    role,
    model,
    purpose,
    in: inputTokens,
    out: outputTokens,
    ms: Math.round(ms),
  }));
  return { index, given, text, goal, value, right, failed, finish, readBy, calls: asked };
}

/** The threshold of each stage that has one, by name. */
function thresholdsOf(series: Method["series"]): Record<string, number> {
  const stages = series.map(({ stage }) => stage).filter(({ accept }) => accept);
  return Object.fromEntries(stages.map(({ name, accept }) => [name, accept!.threshold]));
}

/** One setting of a grid that was replayed. */
export interface GridPoint {
  /** Says which setting, in a few words. */
  label: string;
  /** Input + 4 × output tokens of the large model, a problem; null where unknown. */
  cost: number | null;
  /** 0 … 1; null where nothing is counted. */
  accuracy: number | null;
  n: number;
}

/** What stopping early within a bound saved and cost, measured on recorded draws. */
interface EarlyStopPoint {
  /** Largest chance, 0 … 1, that all draws would decide otherwise; 0 is the exact rule. */
  bound: number;
  /** Share of all planned draws that were not needed. */
  saved: number;
  /** Share of decisions that came out otherwise than by all draws. */
  flipped: number;
  /** Decisions. */
  n: number;
}

/** What a report shows beside the summary. */
export interface ReportExtras {
  /** @default the data set's name */
  title?: string;
  /** The command that makes the report again. */
  command?: string;
  /** Text of problems by id. Without it a report carries ids alone, so that it can be shared where the data cannot. */
  questions?: ReadonlyMap<string, string>;
  /** Draw charts, which takes the packages vega and vega-lite; without them the page has all tables. @default true */
  charts?: boolean;
  /** Settings that were replayed. */
  grid?: readonly GridPoint[];
  /** By stage. */
  earlyStop?: readonly { stage: string; points: readonly EarlyStopPoint[] }[];
  calibration?: Calibration;
  /** Tables of a judge of open answers: see `judgeSections`. */
  judged?: readonly Section[];
}
