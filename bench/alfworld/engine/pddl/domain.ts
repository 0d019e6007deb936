import { readEffects, type Effect } from "./effect.js";
import { broken, listAt, listsOf, readExpression, wordAt, type List } from "./expression.js";
import { atomsOf, isVariable, readFormula, type Formula } from "./formula.js";
import { readTyped, type Typed } from "./typed.js";

/** What can be done in a world, for any objects that fit. */
export interface Action {
  name: string;
  parameters: readonly Typed[];
  precondition: Formula;
  effects: readonly Effect[];
}

/** The rules of a world: the part of PDDL that all its games share. */
export interface Domain {
  /** For each type the one directly above it. */
  above: ReadonlyMap<string, string>;
  actions: readonly Action[];
}

/**
 * Reads a PDDL domain.
 *
 * @param source - what the text is called in errors
 * @throws CopeError `FILE_BROKEN`, also for what the reader does not know: nothing is passed over silently but costs
 */
export function readDomain(text: string, source: string): Domain {
  const whole = readExpression(text, source);
  const above = new Map<string, string>();
  const actions: Action[] = [];
  const arity = new Map<string, number>();
  for (const part of partsOf(whole)) {
    const head = part.items[0];
    if (head === ":types") {
      for (const { name, type } of readTyped(restOf(part, 1))) if (name !== type) above.set(name, type);
    } else if (head === ":predicates") {
      for (const list of listsOf(part, 1)) arity.set(wordAt(list, 0), readTyped(restOf(list, 1)).length);
    } else if (head === ":action") actions.push(readAction(part, arity));
    else if (head === ":derived" || head === ":durative-action" || head === ":constants") {
      throw broken(part, `no part of the kind "${head}" is known`);
    }
  }
  return { above, actions };
}

/** The parts behind `(define (domain …) …)`. */
export function partsOf(whole: List): List[] {
  if (whole.items[0] !== "define") throw broken(whole, "(define …) is needed");
  return listsOf(whole, 2);
}

/** A list without its first entries. */
export const restOf = (list: List, from: number): List => ({ ...list, items: list.items.slice(from) });

function readAction(list: List, arity: ReadonlyMap<string, number>): Action {
  const fields = new Map<string, List>();
  for (let at = 2; at < list.items.length; at += 2) fields.set(wordAt(list, at), listAt(list, at + 1));
  const nothing = restOf(list, list.items.length);
  const parameters = readTyped(fields.get(":parameters") ?? nothing);
  const precondition = readFormula(fields.get(":precondition") ?? nothing);
  const effects = readEffects(fields.get(":effect") ?? nothing);
  const known = new Set(parameters.map(({ name }) => name));
  const used = [
    ...precondition.free,
    ...effects.flatMap(({ atom, when }) => [...atom.args.filter(isVariable), ...(when?.free ?? [])]),
  ];
  const unknown = used.find((name) => !known.has(name));
  if (unknown !== undefined) throw broken(list, `${unknown} is no parameter of the action`);
  const atoms = [precondition, ...effects.flatMap(({ when }) => when ?? [])].flatMap(atomsOf);
  const strange = [...atoms, ...effects.map(({ atom }) => atom)].find(
    ({ predicate, args }) => arity.get(predicate) !== args.length,
  );
  if (strange) throw broken(list, `there is no predicate ${strange.predicate} of ${strange.args.length}`);
  return { name: wordAt(list, 1), parameters, precondition, effects };
}
