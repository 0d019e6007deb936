import { partsOf, restOf } from "./domain.js";
import { broken, listAt, listsOf, readExpression } from "./expression.js";
import { factOf, type Fact } from "./facts.js";
import { readAtom, readFormula, type Formula } from "./formula.js";
import { readTyped, type Typed } from "./typed.js";

/** A game's own part of PDDL: what is there, what is true at the start, what is to be reached. */
export interface Problem {
  objects: readonly Typed[];
  start: readonly Fact[];
  goal: Formula;
}

/**
 * Reads a PDDL problem; values of functions (costs, distances) are passed over.
 *
 * @param source - what the text is called in errors
 * @throws CopeError `FILE_BROKEN`
 */
export function readProblem(text: string, source: string): Problem {
  const whole = readExpression(text, source);
  let objects: Typed[] = [];
  let start: Fact[] = [];
  let goal: Formula | undefined;
  for (const part of partsOf(whole)) {
    if (part.items[0] === ":objects") objects = readTyped(restOf(part, 1));
    else if (part.items[0] === ":goal") goal = readFormula(listAt(part, 1));
    else if (part.items[0] === ":init") {
      start = listsOf(part, 1)
        .filter(({ items }) => items[0] !== "=")
        .map((list) => readAtom(list))
        .map(({ predicate, args }) => factOf(predicate, args));
    }
  }
  if (!goal) throw broken(whole, "there is no goal");
  if (goal.free.length > 0) throw broken(whole, `${goal.free[0]} is not bound in the goal`);
  return { objects, start, goal };
}
