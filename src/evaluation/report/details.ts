import { gzipSync } from "node:zlib";
import type { Draw } from "../draw.js";
import type { Evaluation } from "../evaluation.js";
import type { Method, Outcome } from "../methods/types.js";
import { largeCost, millisecondsOf } from "../summary/costs.js";
import { countedRight, gradable } from "../summary/graded.js";
import { guidelineSeries, stageDraws } from "../summary/stage-draws.js";

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
