import type { Method, Recorded } from "../src/evaluation/index.js";

/** A recording's problems on which some methods can be decided: one that was stopped lacks draws of the rest. */
export function wholeFor(recorded: Recorded, methods: readonly Method[]): Recorded {
  const whole = recorded.views.map((view) => methods.every((method) => "outcome" in method.decide(view)));
  const problems = recorded.problems.filter((_, i) => whole[i]);
  const ids = new Set(problems.map(({ id }) => id));
  return {
    ...recorded,
    problems,
    views: recorded.views.filter((_, i) => whole[i]),
    draws: recorded.draws.filter(({ problem }) => ids.has(problem)),
  };
}
