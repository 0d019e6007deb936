import { createCope } from "./cope.js";
import { recommendedRecursionLimit, resolveStages } from "./stages.js";

/**
 * The paper's cascade on the embedded models, compiled: what `langgraph.json` names. The server that loads it brings its
 * own checkpointer. Models, samples, thresholds and the rest are chosen in Studio's form.
 */
export const cope = withRecursionLimit(createCope().compile());

/** The dev server passes `recursionLimit: undefined` explicitly, over what `withConfig` has set: fill it in where it calls. */
function withRecursionLimit<T extends ReturnType<ReturnType<typeof createCope>["compile"]>>(graph: T): T {
  const recursionLimit = recommendedRecursionLimit(resolveStages("cope"));
  const streamEvents = graph.streamEvents.bind(graph) as (
    input: unknown,
    config: object,
    ...rest: unknown[]
  ) => unknown;
  graph.streamEvents = ((input: unknown, config: { recursionLimit?: number } = {}, ...rest: unknown[]) =>
    streamEvents(input, { ...config, recursionLimit: config.recursionLimit ?? recursionLimit }, ...rest)) as never;
  return graph;
}
