import { CopeError } from "../errors.js";
import type { Method, Outcome } from "./methods/types.js";
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

/** The problems on which all methods can be decided, and how they end there; the rest is named, never guessed. */
export function outcomesOf(
  methods: readonly Method[],
  { problems, views }: Pick<Recorded, "problems" | "views">,
): { problems: Recorded["problems"]; outcomes: Map<string, Outcome[]>; left: { problem: string; why: CopeError }[] } {
  const outcomes = new Map<string, Outcome[]>(methods.map(({ name }) => [name, []]));
  const whole: Recorded["problems"][number][] = [];
  const left: { problem: string; why: CopeError }[] = [];
  views.forEach((view, i) => {
    try {
      const ended = methods.map((method) => outcomeOn(method, view));
      methods.forEach(({ name }, m) => outcomes.get(name)!.push(ended[m]!));
      whole.push(problems[i]!);
    } catch (error) {
      if (!CopeError.isInstance(error) || error.code !== "NOT_RECORDED") throw error;
      left.push({ problem: view.problem, why: error });
    }
  });
  return { problems: whole, outcomes, left };
}
