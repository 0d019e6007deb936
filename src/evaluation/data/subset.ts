import { createHash } from "node:crypto";
import { z } from "zod";
import { CopeError } from "../../errors.js";
import { parseOptions } from "../../options-error.js";
import { turnBefore, type Problem } from "../problem.js";

/** How a set is parted. */
export const SplitOptions = z.strictObject({
  /** Another seed parts otherwise. It is not the seed of the order: another order must not move problems between parts. @default 0 */
  seed: z.int().default(0),
  /** Share of the tuning part, above 0 and below 1. Each problem falls by chance, so that the parts have about these sizes. @default 0.5 */
  share: z.number().gt(0).lt(1).default(0.5),
});

/** Which problems of a set are worked on, and in which order. */
export const SubsetOptions = z.strictObject({
  /** Fixes the order. @default 0 */
  seed: z.int().default(0),
  /** At most so many, the first in order; the turns of a conversation count as one. @default all */
  limit: z.int().min(1).optional(),
  /** These, in this order. @default all, in the order that the seed fixes */
  ids: z.array(z.string()).min(1).optional(),
  /** Only problems whose `about` has one of the values, for every name: `{ level: ["4", "5"] }`. */
  where: z.record(z.string(), z.array(z.string()).min(1)).optional(),
  /** Only the problems of one part of `split`. */
  part: SplitOptions.extend({ take: z.enum(["tuning", "heldOut"]) }).optional(),
});
export type SubsetOptions = z.input<typeof SubsetOptions>;

/** What choosing goes by. The turns of a conversation stand together, wherever chance puts the first. */
type Chosen = Pick<Problem, "id"> & Partial<Pick<Problem, "task">>;

const conversationOf = (problem: Chosen): string => turnBefore(problem) ?? problem.id;

/**
 * A subset of a set. The order depends on seed and ids alone: a larger `limit` begins with the problems of a smaller one,
 * and problems that are added shift the others, but never reorder them.
 *
 * @throws CopeError `OPTIONS_INVALID` for an id, name or value that the set does not have, or when nothing is left
 */
export function subset<P extends Chosen & Pick<Problem, "about">>(
  problems: readonly P[],
  options: SubsetOptions = {},
): P[] {
  const { seed, limit, ids, where = {}, part } = parseOptions(SubsetOptions, options, "subset");
  let chosen = ids ? byIds(problems, ids) : inOrder(problems, seed);
  for (const [name, values] of Object.entries(where)) {
    requireKnown(problems, name, values);
    chosen = chosen.filter(({ about }) => values.includes(about[name]!));
  }
  if (part) chosen = chosen.filter((problem) => tunes(problem, part) === (part.take === "tuning"));
  if (chosen.length > 0) return firstOf(chosen, limit);
  throw invalid("no problem is left", "ask for less at a time.");
}

/**
 * Parts a set into problems to tune on and problems to hold out, disjoint and together all, each in the set's order.
 * Where a problem falls depends on seed, share and its id alone: adding problems moves none, and a larger share only
 * moves held-out ones into the tuning part.
 *
 * @throws CopeError `OPTIONS_INVALID`
 */
export function split<P extends Chosen>(
  problems: readonly P[],
  options: z.input<typeof SplitOptions> = {},
): { tuning: P[]; heldOut: P[] } {
  const how = parseOptions(SplitOptions, options, "split");
  const [tuning, heldOut] = [true, false].map((is) => problems.filter((problem) => tunes(problem, how) === is));
  return { tuning: tuning!, heldOut: heldOut! };
}

const tunes = (problem: Chosen, { seed, share }: z.output<typeof SplitOptions>): boolean =>
  place(`split/${seed}`, conversationOf(problem)) < share;

/** The first conversations, each with all its turns. */
function firstOf<P extends Chosen>(problems: readonly P[], limit = Infinity): P[] {
  const taken = new Set<string>();
  return problems.filter((problem) => {
    const conversation = conversationOf(problem);
    if (taken.size < limit) taken.add(conversation);
    return taken.has(conversation);
  });
}

const digest = (seed: string | number, id: string) => createHash("sha256").update(`${seed}/${id}`).digest();

/** A number from 0 to below 1 that seed and id fix. */
const place = (seed: string, id: string): number => digest(seed, id).readUIntBE(0, 6) / 2 ** 48;

function inOrder<P extends Chosen>(problems: readonly P[], seed: number): P[] {
  const keyed = problems.map((problem) => ({ problem, key: digest(seed, conversationOf(problem)) }));
  return keyed.toSorted((a, b) => Buffer.compare(a.key, b.key)).map(({ problem }) => problem);
}

function byIds<P extends { id: string }>(problems: readonly P[], ids: readonly string[]): P[] {
  const known = new Map(problems.map((problem) => [problem.id, problem]));
  const absent = ids.filter((id) => !known.has(id));
  if (absent.length > 0) {
    const more = absent.length > 1 ? ` and ${absent.length - 1} more` : "";
    throw invalid(`there is no problem ${JSON.stringify(absent[0])}${more} in this set`, "check ids and data set.");
  }
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined) throw invalid(`id ${JSON.stringify(twice)} is given twice`, "name each problem once.");
  return ids.map((id) => known.get(id)!);
}

function requireKnown(problems: readonly Pick<Problem, "about">[], name: string, values: readonly string[]): void {
  const names = new Set(problems.flatMap(({ about }) => Object.keys(about)));
  if (!names.has(name)) throw invalid(`no problem has a ${name}`, `this set has ${[...names].join(", ") || "none"}.`);
  const there = new Set(problems.flatMap(({ about }) => about[name] ?? []));
  const absent = values.find((value) => !there.has(value));
  const some = [...there].toSorted().slice(0, 20).join(", ");
  if (absent !== undefined) throw invalid(`no problem has ${name} ${JSON.stringify(absent)}`, `there are ${some}.`);
}

const invalid = (reason: string, remedy: string) => new CopeError("OPTIONS_INVALID", `subset: ${reason}.`, remedy);
