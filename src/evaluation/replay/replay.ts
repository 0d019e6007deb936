import type { Evaluation } from "../evaluation.js";
import type { Method, Outcome } from "../methods/types.js";
import type { Recorded } from "../recorded.js";
import { lackOf, notRecorded } from "./lacking.js";
import { decideNearly, shelvesOf, type Ended } from "./nearest.js";

/** What is replayed. */
export interface ReplayOptions {
  methods: readonly Method[];
  /** Take draws for a goal that were not recorded from the nearest goal that has some. @default false */
  approximate?: boolean;
}

/** An evaluation made from a recording alone. */
export interface Replayed extends Evaluation {
  /** Methods for which draws of another goal were taken, by name as in `methods`, with the number of problems. */
  approximate: ReadonlyMap<string, number>;
}

/**
 * How methods would have ended on a recording, without a call: what an evaluation of them would give. The name of a method
 * that is not exact says so.
 *
 * @throws CopeError `NOT_RECORDED`, naming what is missing and the ways to go on
 */
export function replay(recorded: Recorded, { methods, approximate = false }: ReplayOptions): Replayed {
  const { recording, problems, views } = recorded;
  const byProblem = approximate ? Map.groupBy(recorded.draws, ({ problem }) => problem) : undefined;
  const shelves = views.map(({ problem }) => shelvesOf(byProblem?.get(problem) ?? []));
  const outcomes = new Map<string, Outcome[]>();
  const byAsked = new Map<string, Outcome[]>();
  const made: Method[] = [];
  const nearly = new Map<string, number>();
  // Last come those that depend on all problems, such as a control that hands over as often as a cascade did.
  const inTurn = methods.toSorted((a, b) => Number(!!a.complete) - Number(!!b.complete));
  for (const asked of inTurn) {
    const method = asked.complete?.({ views, outcomes: byAsked }) ?? asked;
    const ends = views.map((view, i) => decideNearly(method, view, shelves[i]!));
    const lack = lackOf(problems, ends);
    if (lack) throw notRecorded([lack], { approximate, methods: asked.name });
    const count = ends.filter((end) => "outcome" in end && end.approximate).length;
    const name = count === 0 ? method.name : `${method.name} (approximate in ${count})`;
    if (count > 0) nearly.set(name, count);
    made.push({ ...method, name });
    const ended = outcomesOf(ends);
    outcomes.set(name, ended);
    byAsked.set(asked.name, ended);
  }
  return { recording, problems, outcomes, methods: made, approximate: nearly };
}

const outcomesOf = (ends: readonly Ended[]) => ends.flatMap((end) => ("outcome" in end ? [end.outcome] : []));

/** The methods of some that a recording suffices for on every problem. */
export function recordedOf(methods: readonly Method[], { views }: Pick<Recorded, "views">): Method[] {
  return methods.filter((method) => views.every((view) => "outcome" in method.decide(view)));
}

/** A recording's first problems alone, in its own order. */
export function firstOf(recorded: Recorded, count: number): Recorded {
  const problems = recorded.problems.slice(0, count);
  const kept = new Set(problems.map(({ id }) => id));
  const draws = recorded.draws.filter(({ problem }) => kept.has(problem));
  return { ...recorded, problems, views: recorded.views.slice(0, count), draws };
}
