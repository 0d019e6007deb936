import { createRandom, escalationRate } from "./methods/random.js";
import type { Method, Outcome } from "./methods/types.js";

/**
 * The control `random`, handing over as many problems as the first cascade among the methods did; as it is where there is
 * none.
 */
export function matched(
  control: Method,
  methods: readonly Method[],
  outcomes: ReadonlyMap<string, readonly Outcome[]>,
): Method {
  const cascade = methods.find(({ name }) => name.startsWith("cope"));
  if (!cascade) return control;
  const samples = control.series[0]!.stage.execute.samples;
  return createRandom({ rate: escalationRate(outcomes.get(cascade.name)!), samples });
}
