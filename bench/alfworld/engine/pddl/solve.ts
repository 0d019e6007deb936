import { branchesOf } from "./branches.js";
import type { Facts } from "./facts.js";
import { isVariable, type Formula } from "./formula.js";
import type { Objects, Typed } from "./typed.js";

/** A game at one time. */
export interface World {
  objects: Objects;
  facts: Facts;
}

/** Which object each variable stands for. */
export type Bindings = Readonly<Record<string, string>>;

/** What a term stands for; undefined for a variable that is not bound. */
export const valueOf = (term: string, bindings: Bindings): string | undefined =>
  isVariable(term) ? bindings[term] : term;

/** Whether a formula is true. All its free variables must be bound. */
export function holds(formula: Formula, bindings: Bindings, world: World): boolean {
  switch (formula.kind) {
    case "atom":
      return world.facts.has(
        formula.predicate,
        formula.args.map((arg) => valueOf(arg, bindings)!),
      );
    case "equal":
      return valueOf(formula.left, bindings) === valueOf(formula.right, bindings);
    case "not":
      return !holds(formula.of, bindings, world);
    case "and":
      return formula.of.every((part) => holds(part, bindings, world));
    case "or":
      return formula.of.some((part) => holds(part, bindings, world));
    case "exists":
      return !solutions(formula.variables, formula.of, bindings, world).next().done;
    case "forall": {
      const wrong: Formula = { kind: "not", of: formula.of, free: formula.of.free };
      return solutions(formula.variables, wrong, bindings, world).next().done === true;
    }
  }
}

/**
 * Every way to bind variables by objects of their types so that a formula is true, each once.
 *
 * @param variables - they hide variables of the same names that are bound already
 */
export function* solutions(
  variables: readonly Typed[],
  formula: Formula,
  bindings: Bindings,
  world: World,
): Generator<Bindings> {
  const outer = without(bindings, variables);
  const branches = branchesOf(formula, variables);
  const seen = new Set<string>();
  for (const { hidden, parts } of branches) {
    const inner = without(outer, hidden);
    for (const found of search([...variables, ...hidden], parts, inner, world)) {
      const way: Record<string, string> = { ...outer };
      for (const { name } of variables) way[name] = found[name]!;
      const key = variables.map(({ name }) => way[name]).join(" ");
      if (!seen.has(key)) yield way;
      seen.add(key);
    }
  }
}

function without(bindings: Bindings, variables: readonly Typed[]): Bindings {
  const left: Record<string, string> = { ...bindings };
  for (const { name } of variables) delete left[name];
  return left;
}

function* search(
  open: readonly Typed[],
  all: readonly Formula[],
  bindings: Bindings,
  world: World,
): Generator<Bindings> {
  const waiting: Formula[] = [];
  for (const part of all) {
    if (part.free.some((name) => bindings[name] === undefined)) waiting.push(part);
    else if (!holds(part, bindings, world)) return;
  }
  const [next, ...others] = open;
  if (next === undefined) {
    yield bindings;
    return;
  }
  // The atom that the fewest facts may meet says what its variables can be; without one, the next variable is anything.
  const lists = waiting.map((part) => (part.kind === "atom" ? candidates(part, bindings, world) : undefined));
  const fewest = lists.reduce((best, list) => (list && (!best || list.length < best.length) ? list : best), undefined);
  if (!fewest) {
    for (const object of world.objects.of(next.type)) {
      yield* search(others, waiting, { ...bindings, [next.name]: object }, world);
    }
    return;
  }
  const atom = waiting[lists.indexOf(fewest)] as Formula & { kind: "atom" };
  for (const { args } of fewest) {
    const bound = bind(atom.args, args, bindings);
    const typed = bound && open.every(({ name, type }) => !bound[name] || world.objects.is(bound[name], type));
    if (!typed) continue;
    yield* search(
      open.filter(({ name }) => bound[name] === undefined),
      waiting,
      bound,
      world,
    );
  }
}

const candidates = ({ predicate, args }: Formula & { kind: "atom" }, bindings: Bindings, { facts }: World) =>
  facts.among(
    predicate,
    args.map((arg) => valueOf(arg, bindings)),
  );

/** Bindings with which terms stand for objects; undefined where there are none. */
export function bind(terms: readonly string[], objects: readonly string[], bindings: Bindings): Bindings | undefined {
  if (terms.length !== objects.length) return undefined;
  const bound: Record<string, string> = { ...bindings };
  for (const [place, term] of terms.entries()) {
    const object = objects[place]!;
    const value = valueOf(term, bound);
    if (value === undefined) bound[term] = object;
    else if (value !== object) return undefined;
  }
  return bound;
}
