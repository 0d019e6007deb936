import type { Action } from "./domain.js";
import { factOf, type Fact, type Facts } from "./facts.js";
import type { Atom, Formula } from "./formula.js";
import { holds, solutions, valueOf, type Bindings, type World } from "./solve.js";

/** An action with objects for its parameters. */
export interface Move {
  action: Action;
  bindings: Bindings;
}

/**
 * The moves that fit now. Those whose every effect is already asked for by their own condition are left out, as the planner
 * under TextWorld does: so nobody can go to where they are.
 */
export function* moves(actions: readonly Action[], world: World): Generator<Move> {
  for (const action of actions) {
    for (const bindings of solutions(action.parameters, action.precondition, {}, world)) {
      if (!isIdle(action, bindings)) yield { action, bindings };
    }
  }
}

function isIdle({ precondition, effects }: Action, bindings: Bindings): boolean {
  if (effects.some(({ when }) => when)) return false;
  const asked = new Map<string, boolean>();
  for (const part of conjuncts(precondition)) {
    if (part.kind === "atom") asked.set(ground(part, bindings).key, true);
    if (part.kind === "not" && part.of.kind === "atom") asked.set(ground(part.of, bindings).key, false);
  }
  const effected = new Map<string, boolean>();
  for (const { atom, holds: becomes } of effects) {
    const { key } = ground(atom, bindings);
    effected.set(key, becomes || effected.get(key) === true);
  }
  return [...effected].every(([key, becomes]) => asked.get(key) === becomes);
}

const conjuncts = (formula: Formula): readonly Formula[] =>
  formula.kind === "and" ? formula.of.flatMap(conjuncts) : [formula];

/**
 * What is true after a move. What it makes false stands there as a fact of its own, `not_…`, since the texts ask for such.
 * What it makes both false and true is true.
 */
export function after({ action, bindings }: Move, world: World): Facts {
  const effects = action.effects.filter(({ when }) => !when || holds(when, bindings, world));
  const facts = (becomes: boolean) =>
    effects.filter((effect) => effect.holds === becomes).map(({ atom }) => ground(atom, bindings));
  const added = facts(true);
  const removed = facts(false).filter(({ key }) => added.every((fact) => fact.key !== key));
  return world.facts.with([...added, ...removed.map(denied)], [...removed, ...added.map(denied)]);
}

const denied = ({ predicate, args }: Fact): Fact => factOf(`not_${predicate}`, args);

const ground = ({ predicate, args }: Atom, bindings: Bindings): Fact =>
  factOf(
    predicate,
    args.map((arg) => valueOf(arg, bindings)!),
  );
