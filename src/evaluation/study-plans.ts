import { createPriceBook, type PriceBook } from "../models/prices.js";
import type { PlanKind } from "../state/plan.js";
import { sumOf } from "./call-costs.js";
import type { DrawCall } from "./draw.js";
import type { Evaluation } from "./evaluation.js";
import { createCascade } from "./methods/cascade.js";
import { createLarge, createSmall } from "./methods/plain.js";
import type { Method, Outcome } from "./methods/types.js";
import { meanOf } from "./numbers/mean.js";
import type { Comparison } from "./numbers/noninferior.js";
import { numberOf, percentWithin, points, pOf, UNKNOWN, within } from "./summary/format.js";
import { gradable } from "./summary/graded.js";
import { rowOf } from "./summary/row.js";
import { textOf } from "./summary/table.js";

/** One cell of the study: who plans what for whom. */
export interface PlanCell {
  executor: "small" | "large";
  /** Null: nobody plans. */
  planner: "small" | "large" | null;
  kind: PlanKind | null;
}

const ROLES = ["small", "large"] as const;
const KINDS = ["goal", "guideline"] as const;

/** No plan has no kind: ten cells. */
const CELLS: readonly PlanCell[] = ROLES.flatMap((executor): PlanCell[] => [
  { executor, planner: null, kind: null },
  ...KINDS.flatMap((kind) => ROLES.map((planner): PlanCell => ({ executor, planner, kind }))),
]);

const nameOf = ({ executor, planner, kind }: PlanCell): string =>
  planner === null ? executor : `${executor}, ${kind} by ${planner}`;

/**
 * The central claim of the paper taken apart (arXiv 2506.11578, section 3): planner none, small or large; a goal (what) or a
 * guideline (how); executor small or large. Each cell is one stage: one greedy sample, shown the plan. Both executors are
 * shown the same plans.
 */
export function planStudy(): Method[] {
  return CELLS.map((cell) => {
    const { executor, planner, kind } = cell;
    if (planner === null || kind === null) return executor === "small" ? createSmall() : createLarge();
    const stage = {
      // Without the executor, so that both ask for the very same plan.
      name: `${kind}-by-${planner}`,
      plan: { by: planner, kind },
      sees: [kind],
      execute: { by: executor, samples: 1, temperature: 0 },
    };
    const about = `one answer of the ${executor} model, shown a ${kind} of the ${planner} one`;
    return createCascade({ name: nameOf(cell), about, stages: [stage] });
  });
}

/** A cell with its figures. Means are over problems in which some call was answered; null as soon as one is unknown. */
export interface PlanRow extends PlanCell {
  right: number;
  n: number;
  /** 0 … 1; null where nothing is counted. */
  accuracy: number | null;
  /** Wilson, 95 %. */
  interval: [number, number];
  unreadable: number;
  failed: number;
  /** Held against the same executor without a plan, on the same problems; null for that one itself. */
  comparison: Comparison | null;
  inputTokens: number | null;
  planTokens: number | null;
  answerTokens: number | null;
}

/** The study's figures, as plain JSON. */
export interface PlanStudy {
  version: 1;
  recording: Evaluation["recording"];
  problems: number;
  cells: PlanRow[];
}

/** Sums up an evaluation of the methods of `planStudy`. `seed`: of the bootstraps. */
export function studyPlans(
  evaluation: Evaluation,
  { prices = createPriceBook(), seed = 0 }: { prices?: PriceBook; seed?: number } = {},
): PlanStudy {
  const { outcomes, recording, problems, methods } = evaluation;
  const canGrade = gradable(evaluation);
  const cells = CELLS.map((cell): PlanRow => {
    const method = methods.find(({ name }) => name === nameOf(cell))!;
    const own = outcomes.get(method.name)!;
    const base = cell.planner === null ? undefined : outcomes.get(cell.executor)!;
    const options = { prices, marginPoints: 5, parameters: {}, seed };
    const { right, n, accuracy, interval, unreadable, failed, comparison } = rowOf(
      { method, outcomes: own, large: base, canGrade },
      options,
    );
    return {
      ...cell,
      right,
      n,
      accuracy,
      interval: [interval[0], interval[1]],
      unreadable,
      failed,
      comparison,
      ...tokensOf(own),
    };
  });
  return { version: 1, recording, problems: problems.length, cells };
}

function tokensOf(outcomes: readonly Outcome[]) {
  const answered = outcomes.map(({ waves }) => waves.flat()).filter((draws) => draws.some(({ failed }) => !failed));
  const mean = (count: (call: DrawCall) => number | null) =>
    meanOf(answered.map((draws) => sumOf(draws.flatMap(({ calls }) => calls.map(count))))).mean;
  return {
    inputTokens: mean(({ inputTokens }) => inputTokens),
    planTokens: mean(({ purpose, outputTokens }) => (purpose === "execute" ? 0 : outputTokens)),
    answerTokens: mean(({ purpose, outputTokens }) => (purpose === "execute" ? outputTokens : 0)),
  };
}

/** The study as one table, markdown that a terminal shows as it is. */
export function studyTable({ recording, problems, cells }: PlanStudy): string {
  const { data, seed, at, models } = recording;
  const pair = Object.entries(models).map(([role, { name }]) => `${role} ${name}`);
  const title = `${data}: ${problems} problems, seed ${seed}, ${at.slice(0, 10)}; ${pair.join(", ")}`;
  const section = {
    title: "Plans",
    head: ["executor", "plan", "by", " right", " %", " to no plan", " p", " in", " plan out", " answer out"],
    rows: cells.map(({ comparison, ...cell }) => [
      cell.executor,
      cell.kind ?? "none",
      cell.planner ?? UNKNOWN,
      `${cell.right}/${cell.n}`,
      percentWithin(cell.accuracy, cell.interval),
      comparison ? points(comparison.difference) + within([comparison.low, comparison.high], points) : UNKNOWN,
      comparison ? pOf(comparison.mcnemar) : UNKNOWN,
      numberOf(cell.inputTokens),
      numberOf(cell.planTokens),
      numberOf(cell.answerTokens),
    ]),
    notes: [
      "right: of the problems counted; unreadable answers are wrong, failed calls not counted. %: Wilson's 95 % interval.",
      "to no plan: points gained on the same executor without a plan, on the same problems; each bound one-sided, 95 %.",
      "p: McNemar's exact test, two-sided. in, plan out, answer out: mean tokens a problem, whoever used them.",
      "Answers are greedy, one a problem; both executors are shown the same plans.",
    ],
  };
  return `${title}\n\n${textOf(section)}\n`;
}
