import { createHash } from "node:crypto";
import type { CalibrationGoal } from "../../state/calibration.js";
import { choose, type Choice, type Rows } from "./choose.js";

/** Problems in folds of nearly equal size, by hash of seed and id: the same problems always meet, whatever their order. */
export function foldsOf(ids: readonly string[], folds: number, seed: number): number[][] {
  const hash = (id: string) => createHash("sha256").update(`fold/${seed}/${id}`).digest("hex");
  const ranked = ids.map((id, i) => ({ i, rank: hash(id) })).toSorted((a, b) => (a.rank < b.rank ? -1 : 1));
  return Array.from({ length: folds }, (_, fold) =>
    ranked.flatMap(({ i }, place) => (place % folds === fold ? [i] : [])),
  );
}

/** What a choice gives on problems that it was not made on: each problem is scored once, by the choice of the other folds. */
export interface CrossFit<D extends Rows> {
  right: boolean[];
  cost: number[];
  /** The choice of each fold. */
  choices: Choice<D>[];
}

/**
 * Cross-fitting (as in Chernozhukov et al. 2018): the whole choice is made anew for each fold on the others, and scored on
 * the fold alone. What is scored so is the way of choosing, at a slightly smaller n: an estimate that luck of the choice
 * cannot improve.
 */
export function crossFit<D extends Rows>(
  all: readonly D[],
  large: D,
  folds: readonly (readonly number[])[],
  goal: CalibrationGoal,
): CrossFit<D> {
  const right: boolean[] = [];
  const cost: number[] = [];
  const choices = folds.map((held, fold) => {
    const others = folds.flatMap((rows, at) => (at === fold ? [] : rows));
    const choice = choose(all, large, others, goal);
    const { of } = choice.chosen;
    for (const i of held) {
      right[i] = of.right[i] === 1;
      cost[i] = of.cost[i]!;
    }
    return choice;
  });
  return { right, cost, choices };
}
