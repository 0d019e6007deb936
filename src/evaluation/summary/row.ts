import type { Method, Outcome } from "../methods/types.js";
import { compareToLarge } from "../numbers/paired.js";
import { wilson } from "../numbers/intervals.js";
import type { Draw } from "../recordings/draw.js";
import type { Evaluation } from "../evaluation.js";
import { type CostOptions, costsOf } from "./costs.js";
import type { MethodRow, Share } from "./types.js";

/** What rows are computed with. */
export interface RowOptions extends CostOptions {
  marginPoints: number;
}

/** One method on some problems; `outcomes`, `large` and `canGrade` speak of the same ones. */
interface RowInput {
  method: Pick<Method, "name" | "about">;
  outcomes: readonly Outcome[];
  /** Those of the method `large`, where it is among the methods. */
  large: readonly Outcome[] | undefined;
  canGrade: readonly boolean[];
}

/** A method's line of a table. */
export function rowOf({ method, outcomes, large, canGrade }: RowInput, options: RowOptions): MethodRow {
  const graded = outcomes.map((outcome, i) => countedRight(outcome, canGrade[i]!));
  const { count: right, of: n, share: accuracy, interval } = shareOf(graded.filter((each) => each !== undefined));
  const of = (status: Outcome["status"]) => outcomes.filter((outcome) => outcome.status === status).length;
  const failed = of("failed");
  const unknown = outcomes.filter(isGradeUnknown).length;
  return {
    name: method.name,
    about: method.about,
    n,
    right,
    accuracy,
    interval,
    unreadable: outcomes.filter(({ status }, i) => status === "unreadable" && canGrade[i]).length,
    failed,
    ungraded: outcomes.length - failed - unknown - n,
    unknown,
    comparison: large && method.name !== "large" ? compared(graded, large, canGrade, options) : null,
    costs: costsOf(outcomes, large, options),
  };
}

/** How many hold, with Wilson's interval. */
export function shareOf(hits: readonly boolean[]): Share {
  const [count, of] = [hits.filter(Boolean).length, hits.length];
  return { count, of, share: of === 0 ? null : count / of, interval: wilson(count, of) };
}

function compared(
  graded: readonly (boolean | undefined)[],
  large: readonly Outcome[],
  canGrade: readonly boolean[],
  { marginPoints, seed }: RowOptions,
) {
  const pairs = graded.flatMap((own, i) => {
    const other = countedRight(large[i]!, canGrade[i]!);
    return own === undefined || other === undefined ? [] : [[own, other] as const];
  });
  return compareToLarge(
    pairs.map(([own]) => own),
    pairs.map(([, other]) => other),
    { marginPoints, seed },
  );
}

/** The draws of one stage of an outcome. */
interface StageDraws {
  guideline: Draw | undefined;
  /** In the order in which they were drawn. */
  samples: readonly Draw[];
}

/** Ids of the series in which guidelines stand. */
export function guidelineSeries(methods: readonly Method[]): ReadonlySet<string> {
  return new Set(methods.flatMap(({ series }) => series.flatMap(({ part, id }) => (part === "plan" ? id : []))));
}

/** Tells which of an outcome's draws belong to which of its stages, in the order of `stages`. */
export function stageDraws({ stages, waves }: Outcome, guidelines: ReadonlySet<string>): StageDraws[] {
  const isGuideline = (draw: Draw | undefined) => draw !== undefined && guidelines.has(draw.series);
  const rest = waves.flat();
  return stages.map(({ drawn }) => {
    const guideline = isGuideline(rest[0]) ? rest.shift() : undefined;
    return { guideline, samples: rest.splice(0, drawn) };
  });
}

/** Whether some sample of a stage was answered, whatever could be read from it. */
export const wasAnswered = ({ samples }: StageDraws): boolean => samples.some(({ failed }) => !failed);

/** Whether a draw holds an answer to the problem, and not a judge's word on one. */
const isAnswer = ({ value, readBy }: Draw): boolean => value !== null && readBy !== "verdict";

/**
 * Which problems there is something to grade by, as their draws tell it. Where no answer to a problem was readable, the
 * rest of the set speaks for it.
 *
 * @returns one a problem, in the evaluation's order
 */
export function gradable({ problems, outcomes }: Pick<Evaluation, "problems" | "outcomes">): boolean[] {
  const told = problems.map((_, i) => {
    const draws = [...outcomes.values()].flatMap((of) => of[i]!.waves.flat()).filter(isAnswer);
    return draws.length === 0 ? undefined : draws.some(({ right, gradeUnknown }) => right !== null || gradeUnknown);
  });
  const usually = !told.includes(false) || told.includes(true);
  return told.map((each) => each ?? usually);
}

/** Whether an outcome counts as right; undefined where it is not counted: failed, nothing to grade by, or nobody could tell. */
export function countedRight(
  { status, right, gradeUnknown }: Pick<Outcome, "status" | "right" | "gradeUnknown">,
  canGrade: boolean,
): boolean | undefined {
  return status === "failed" || !canGrade || gradeUnknown ? undefined : right === true;
}

/** Whether an outcome is answered and can be graded, and comparing it with what grades it could not be finished. */
export const isGradeUnknown = ({ status, gradeUnknown }: Pick<Outcome, "status" | "gradeUnknown">): boolean =>
  status !== "failed" && gradeUnknown === true;
