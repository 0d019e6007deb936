import { broken } from "../file.js";
import { bind, valueOf, type Bindings, type World } from "../pddl/solve.js";

/** Facts that must all be there: `holds(a:agent, o:object) & …`. */
export type Query = readonly { predicate: string; args: readonly string[]; types: readonly string[] }[];

/** Reads a query of TextWorld's; variables become those of PDDL, with a question mark. */
export function readQuery(text: string): Query {
  return text.split("&").map((part) => {
    const [, predicate, inner = ""] = /^\s*(\w+)\s*\(([^()]*)\)\s*$/.exec(part) ?? [];
    const args = inner.split(",").map((arg) => /^\s*(\w+)\s*:\s*(\w+)\s*$/.exec(arg));
    if (predicate === undefined || args.includes(null)) {
      throw broken("the texts of the game", `the query "${text.trim()}" is not understood`);
    }
    return {
      predicate: predicate.toLowerCase(),
      args: args.map((arg) => `?${arg![1]!.toLowerCase()}`),
      types: args.map((arg) => arg![2]!.toLowerCase()),
    };
  });
}

/**
 * Every way to answer a query, in the order of its first fact, then its second, and so on. Unlike in PDDL, two variables never
 * stand for the same object.
 */
export function* answers(query: Query, bindings: Bindings, world: World): Generator<Bindings> {
  const [first, ...others] = query;
  if (!first) {
    yield bindings;
    return;
  }
  const { predicate, args, types } = first;
  const among = world.facts.among(
    predicate,
    args.map((arg) => valueOf(arg, bindings)),
  );
  for (const fact of among.toSorted((a, b) => (a.key < b.key ? -1 : 1))) {
    const bound = bind(args, fact.args, bindings);
    if (!bound || !fact.args.every((arg, place) => world.objects.is(arg, types[place]!))) continue;
    const objects = Object.values(bound);
    if (new Set(objects).size === objects.length) yield* answers(others, bound, world);
  }
}
