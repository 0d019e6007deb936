import { broken, listAt, listsOf, type List } from "./expression.js";
import { readAtom, readFormula, type Atom, type Formula } from "./formula.js";

/** A fact that an action makes true or false. */
export interface Effect {
  atom: Atom;
  /** Whether it becomes true. */
  holds: boolean;
  /** Only where this held before the action. */
  when?: Formula;
}

/** An effect of PDDL: atoms, `not`, `and`, `when`; what an action costs is passed over. */
export function readEffects(list: List, when?: Formula): Effect[] {
  switch (list.items[0]) {
    case undefined:
    case "increase":
      return [];
    case "and":
      return listsOf(list, 1).flatMap((part) => readEffects(part, when));
    case "not":
      return [effectOf(readAtom(listAt(list, 1)), false, when)];
    case "when":
      if (when) throw broken(list, "a condition inside a condition is not known");
      return readEffects(listAt(list, 2), readFormula(listAt(list, 1)));
    case "forall":
    case "assign":
    case "decrease":
      throw broken(list, `no effect of the kind "${list.items[0]}" is known`);
    default:
      return [effectOf(readAtom(list), true, when)];
  }
}

const effectOf = (atom: Atom, holds: boolean, when?: Formula): Effect => ({ atom, holds, ...(when && { when }) });
