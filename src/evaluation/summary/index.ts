import { z } from "zod";
import { createPriceBook, type PriceBook } from "../../models/prices.js";
import { parseOptions } from "../../options-error.js";
import type { Evaluation } from "../evaluation.js";
import { accuracyAtCost, costAtAccuracy, paretoFrontier } from "../numbers/frontier.js";
import { gradable } from "./graded.js";
import { partsBy } from "./parts.js";
import { rowOf, type RowOptions } from "./row.js";
import { guidelineSeries } from "./stage-draws.js";
import { confidenceOf, endsOf, flipsOf } from "./stages.js";
import type { MethodRow, MethodSummary, Summary } from "./types.js";
import { sandboxesOf, visibleChecksOf } from "./visible-checks.js";

export { tableOf } from "./table.js";
export type * from "./types.js";

const summaryOptions = z.strictObject({
  prices: z.custom<PriceBook>().optional(),
  marginPoints: z.number().min(0).max(100).default(5),
  parameters: z.record(z.string(), z.number().positive()).default({}),
  seed: z.int32().default(0),
  by: z.union([z.string(), z.array(z.string())]).default([]),
});

/** How an evaluation is summed up. */
export interface SummaryOptions {
  /** Where prices come from. @default the table that comes with the package; models on one's own machine cost nothing */
  prices?: PriceBook;
  /** Percentage points that may be lost against the large model. @default 5 */
  marginPoints?: number;
  /** Parameters in billions by role, where the catalog of embedded models does not know them. */
  parameters?: Record<string, number>;
  /** Of every bootstrap: the same data always get the same intervals. @default 0 */
  seed?: number;
  /** Fields of problems' `about` by which everything is shown once more, such as `level`; `data` always is, where several sets are pooled. */
  by?: string | string[];
}

/**
 * Everything that tables and charts show of an evaluation. A pure function of outcomes: what was recorded is charged as if
 * it had just been drawn.
 *
 * @throws CopeError `OPTIONS_INVALID`; also where `by` names a field that no problem has
 */
export function summarise(evaluation: Evaluation, options: SummaryOptions = {}): Summary {
  const { prices, marginPoints, parameters, seed, by } = parseOptions(summaryOptions, options, "Summary");
  const { recording, problems, outcomes, methods } = evaluation;
  const row: RowOptions = { prices: prices ?? createPriceBook(), marginPoints, parameters, seed };
  const canGrade = gradable(evaluation);
  const guidelines = guidelineSeries(methods);
  const large = outcomes.get("large");
  const checks = visibleChecksOf(outcomes);
  const sandboxes = sandboxesOf(outcomes);
  const uncompared = problems.flatMap(({ id }, i) =>
    [...outcomes.values()].some((of) => of[i]!.stages.some(({ unknown }) => unknown)) ? [id] : [],
  );
  const rows = methods.map((method) => {
    const input = { method, outcomes: outcomes.get(method.name)!, large, canGrade, guidelines };
    return {
      ...rowOf(input, row),
      ends: endsOf(input),
      confidence: confidenceOf(input),
      flips: flipsOf(input),
    };
  });
  return {
    version: 1,
    recording,
    problems: problems.length,
    marginPoints,
    methods: withFrontier(rows),
    ...(uncompared.length > 0 ? { uncompared } : {}),
    ...(checks ? { checks } : {}),
    ...(sandboxes ? { sandboxes } : {}),
    parts: partsBy(evaluation, typeof by === "string" ? [by] : by, canGrade, row),
  };
}

/** Where a method stands: its large-model cost and its accuracy. */
const pointOf = ({ name, costs, accuracy }: MethodRow) => ({ name, cost: costs.large.mean, accuracy });

function withFrontier<R extends MethodRow>(rows: readonly R[]): (R & Pick<MethodSummary, "equal" | "onFrontier">)[] {
  const frontier = new Set(paretoFrontier(rows.map(pointOf)).map(({ name }) => name));
  return rows.map((row) => {
    const others = rows.filter((other) => other !== row).map(pointOf);
    const { cost, accuracy } = pointOf(row);
    return {
      ...row,
      equal: {
        accuracyAtCost: cost === null ? null : accuracyAtCost(others, cost),
        costAtAccuracy: accuracy === null ? null : costAtAccuracy(others, accuracy),
      },
      onFrontier: frontier.has(row.name),
    };
  });
}
