import { CopeError } from "../errors.js";
import type { Method, Outcome, Together } from "./methods/types.js";
import type { Recorded } from "./recorded.js";
import { givenKey } from "./series.js";
import type { View } from "./view.js";

/**
 * How a method ends on a problem by recorded draws alone.
 *
 * @throws CopeError `NOT_RECORDED`, naming the first draw that is missing
 */
export function outcomeOn(method: Method, view: View): Outcome {
  const step = method.decide(view);
  if ("outcome" in step) return step.outcome;
  const { series, given, index } = step.wanted[0]!;
  const shown = givenKey(given);
  const reason = `the tape lacks what "${method.name}" needs of problem ${view.problem}: sample ${index} of ${series.id}${shown ? ` (${shown})` : ""}.`;
  throw new CopeError(
    "NOT_RECORDED",
    reason,
    `record it: cope eval --methods ${method.name} --all-draws on the same data.`,
  );
}

/**
 * The problems on which all methods can be decided, and how they end there; the rest is named, never guessed. Methods that
 * depend on all problems are completed by those that are recorded.
 */
export function outcomesOf(
  methods: readonly Method[],
  { problems, views }: Pick<Recorded, "problems" | "views">,
): {
  problems: Recorded["problems"];
  outcomes: Map<string, Outcome[]>;
  /** As they decided: those that depend on all problems, completed. */
  methods: Method[];
  left: { problem: string; why: CopeError }[];
} {
  const plain = methods.filter((method) => !method.complete);
  const first = decideAll(plain, views);
  const made = completed(methods, { views, outcomes: byName(plain, first.ended) });
  const { whole, ended, left } = plain.length === methods.length ? first : decideAll(made, views);
  return { problems: whole.map((i) => problems[i]!), outcomes: byName(made, ended), methods: made, left };
}

/** Methods that depend on all problems, as these make them; the others as they are. */
export const completed = (methods: readonly Method[], together: Together): Method[] =>
  methods.map((method) => method.complete?.(together) ?? method);

const byName = (methods: readonly Method[], ended: readonly Outcome[][]) =>
  new Map(methods.map(({ name }, m) => [name, ended.map((of) => of[m]!)]));

/** Positions of the views on which all methods end, and how they do; the rest with the reason. */
function decideAll(methods: readonly Method[], views: readonly View[]) {
  const whole: number[] = [];
  const ended: Outcome[][] = [];
  const left: { problem: string; why: CopeError }[] = [];
  views.forEach((view, i) => {
    try {
      ended.push(methods.map((method) => outcomeOn(method, view)));
      whole.push(i);
    } catch (error) {
      if (!CopeError.isInstance(error) || error.code !== "NOT_RECORDED") throw error;
      left.push({ problem: view.problem, why: error });
    }
  });
  return { whole, ended, left };
}
