import { broken, wordsOf, type List } from "./expression.js";

/** The type that is above all others. */
export const ANY = "object";

/** A variable or an object with its type. */
export interface Typed {
  name: string;
  type: string;
}

/** `a b - t c`: names with their types; a name without one is of any type. */
export function readTyped(list: List): Typed[] {
  const typed: Typed[] = [];
  let waiting: string[] = [];
  const words = wordsOf(list);
  for (let at = 0; at < words.length; at += 1) {
    if (words[at] !== "-") waiting.push(words[at]!);
    else {
      const type = words[(at += 1)];
      if (type === undefined) throw broken(list, "a type is missing behind the dash");
      typed.push(...waiting.map((name) => ({ name, type })));
      waiting = [];
    }
  }
  return [...typed, ...waiting.map((name) => ({ name, type: ANY }))];
}

/** A game's objects, by name and by type. */
export interface Objects {
  /** Names of the objects of a type and of the types below it. */
  of(type: string): readonly string[];
  /** Whether an object is of a type. */
  is(name: string, type: string): boolean;
}

/** @param above - for each type the one directly above it */
export function objectsOf(objects: readonly Typed[], above: ReadonlyMap<string, string>): Objects {
  const types = new Map(objects.map(({ name, type }) => [name, linesOf(type, above)]));
  const names = new Map<string, string[]>();
  for (const [name, line] of types) {
    for (const type of line) names.set(type, [...(names.get(type) ?? []), name]);
  }
  return {
    of: (type) => names.get(type) ?? [],
    is: (name, type) => types.get(name)?.has(type) ?? false,
  };
}

/** A type and all above it. */
function linesOf(type: string, above: ReadonlyMap<string, string>): Set<string> {
  const line = new Set<string>();
  for (let now: string | undefined = type; now !== undefined && !line.has(now); now = above.get(now)) line.add(now);
  return line.add(ANY);
}
