import type { Formula } from "./formula.js";
import type { Typed } from "./typed.js";

/** One way for a formula to be true: all parts hold, for some values of the hidden variables. */
export interface Branch {
  hidden: readonly Typed[];
  parts: readonly Formula[];
}

const known = new WeakMap<Formula, Branch[]>();

/**
 * The ways for a formula to be true, of which one is enough. `or` at the top is taken apart, `and` made flat, and what an `exists`
 * is about becomes a hidden variable, so that its facts can say which values come into question at all.
 *
 * @param variables - those of the formula that are sought; always the same for one formula
 */
export function branchesOf(formula: Formula, variables: readonly Typed[]): Branch[] {
  const made =
    known.get(formula) ?? (formula.kind === "or" ? formula.of : [formula]).map((way) => flat(way, variables));
  known.set(formula, made);
  return made;
}

function flat(formula: Formula, variables: readonly Typed[]): Branch {
  let hidden: readonly Typed[] = [];
  const parts: Formula[] = [];
  const taken = new Set([...formula.free, ...variables.map(({ name }) => name)]);
  const add = (part: Formula): void => {
    if (part.kind === "and") part.of.forEach(add);
    else if (part.kind === "exists" && part.variables.every(({ name }) => !taken.has(name))) {
      hidden = [...hidden, ...part.variables];
      for (const { name } of part.variables) taken.add(name);
      add(part.of);
    } else parts.push(part);
  };
  add(formula);
  return { hidden, parts };
}
