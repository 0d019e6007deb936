import type { Draw } from "../draw.js";
import type { Evaluation } from "../evaluation.js";
import type { Outcome } from "../methods/types.js";

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
