import { broken, listAt, listsOf, wordAt, wordsOf, type List } from "./expression.js";
import { readTyped, type Typed } from "./typed.js";

/** A statement about the world, true or false once its free variables are bound. */
export type Formula = { /** Names of variables that must be bound from outside. */ free: readonly string[] } & (
  | Atom
  | { kind: "equal"; left: string; right: string }
  | { kind: "not"; of: Formula }
  | { kind: "and" | "or"; of: readonly Formula[] }
  | { kind: "exists" | "forall"; variables: readonly Typed[]; of: Formula }
);

/** `(predicate arg …)`: arguments are names of objects, or of variables, which begin with a question mark. */
export interface Atom {
  kind: "atom";
  predicate: string;
  args: readonly string[];
}

/** Whether a term is a variable. */
export const isVariable = (term: string): boolean => term.startsWith("?");

/** A condition of PDDL: atoms, `=`, `not`, `and`, `or`, `exists`, `forall`; `()` holds always. */
export function readFormula(list: List): Formula {
  const [head] = list.items;
  switch (head) {
    case undefined:
      return { kind: "and", of: [], free: [] };
    case "and":
    case "or": {
      const of = listsOf(list, 1).map(readFormula);
      return { kind: head, of, free: unique(of.flatMap(({ free }) => free)) };
    }
    case "not": {
      const of = readFormula(listAt(list, 1));
      return { kind: "not", of, free: of.free };
    }
    case "exists":
    case "forall": {
      const variables = readTyped(listAt(list, 1));
      const of = readFormula(listAt(list, 2));
      const bound = new Set(variables.map(({ name }) => name));
      return { kind: head, variables, of, free: of.free.filter((name) => !bound.has(name)) };
    }
    case "=": {
      const [left, right] = [wordAt(list, 1), wordAt(list, 2)];
      return { kind: "equal", left, right, free: unique([left, right].filter(isVariable)) };
    }
    case "imply":
    case "when":
    case "preference":
      throw broken(list, `no condition of the kind "${head}" is known`);
    default: {
      const atom = readAtom(list);
      return { ...atom, free: unique(atom.args.filter(isVariable)) };
    }
  }
}

/** An atom with its arguments. */
export function readAtom(list: List): Atom {
  const [predicate, ...args] = wordsOf(list);
  if (predicate === undefined) throw broken(list, "a predicate is missing");
  return { kind: "atom", predicate, args };
}

/** All atoms of a formula. */
export function atomsOf(formula: Formula): Atom[] {
  switch (formula.kind) {
    case "atom":
      return [formula];
    case "equal":
      return [];
    case "and":
    case "or":
      return formula.of.flatMap(atomsOf);
    default:
      return atomsOf(formula.of);
  }
}

const unique = (names: string[]): string[] => [...new Set(names)];
