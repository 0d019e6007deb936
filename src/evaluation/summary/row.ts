import type { Method, Outcome } from "../methods/types.js";
import { compareToLarge } from "../numbers/noninferior.js";
import { wilson } from "../numbers/wilson.js";
import { costsOf, type CostOptions } from "./costs.js";
import { countedRight, isGradeUnknown } from "./graded.js";
import type { MethodRow, Share } from "./types.js";

/** What rows are computed with. */
export interface RowOptions extends CostOptions {
  marginPoints: number;
}

/** One method on some problems; `outcomes`, `large` and `canGrade` speak of the same ones. */
export interface RowInput {
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
