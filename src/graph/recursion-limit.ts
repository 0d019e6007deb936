import type { createCope } from "./cope.js";
import { recommendedRecursionLimit } from "./stages.js";
import type { Ask } from "../state/ask.js";
import type { Stage } from "../state/stage.js";

type Compiled = ReturnType<ReturnType<typeof createCope>["compile"]>;

/**
 * Gives a compiled cascade that a LangGraph server is to serve the recursion limit its stages need, where a request
 * names none. LangGraph's own 25 is too low for long stage lists, and `.withConfig` does not help there: the dev server
 * passes `recursionLimit: undefined` explicitly over it, to `streamEvents`.
 *
 * @typeParam Graph - what `.compile()` of a cascade returns
 *
 * @example
 * const stages = resolveStages([…]);
 * export const cope = withRecursionLimit(createCope({ stages }).compile(), stages); // the name in langgraph.json
 */
export function withRecursionLimit<Graph extends Compiled>(graph: Graph, stages: readonly Stage[], ask?: Ask): Graph {
  const recursionLimit = recommendedRecursionLimit(stages, ask);
  type Events = (input: unknown, config: object, ...rest: unknown[]) => unknown;
  const streamEvents = graph.streamEvents.bind(graph) as unknown as Events;
  graph.streamEvents = ((input: unknown, config: { recursionLimit?: number } = {}, ...rest: unknown[]) =>
    streamEvents(input, { ...config, recursionLimit: config.recursionLimit ?? recursionLimit }, ...rest)) as never;
  return graph;
}
