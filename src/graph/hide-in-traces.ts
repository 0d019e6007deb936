import type { Callbacks } from "@langchain/core/callbacks/manager";
import { hiddenTraces } from "../models/hidden-traces.js";

/** What is needed of a compiled graph; all other ways to run it go through `stream`. */
interface Streaming {
  stream: (...args: any[]) => any;
  withConfig?: (...args: any[]) => any;
}

/**
 * Has `[private]` stand in the place of texts in all that tracers are told of a graph's runs: inputs, outputs and errors of the graph,
 * its nodes, models and tools. Cascades with the option `private` do so by themselves; this is for graphs and agents around them.
 *
 * @param graph - a compiled graph, or an agent's; it is changed, and returned
 * @param texts - what to hide
 *
 * @example
 * const agent = createAgent({ model, tools, middleware: [copeMiddleware({ large, private: names })] });
 * hideInTraces(agent.graph, names);
 */
export function hideInTraces<Graph extends Streaming>(graph: Graph, texts: readonly string[]): Graph {
  const stream = graph.stream.bind(graph);
  graph.stream = (input: unknown, options?: { callbacks?: Callbacks }) =>
    stream(input, { ...options, callbacks: hiddenTraces({ texts, pieces: true }, options?.callbacks) });
  const withConfig = graph.withConfig?.bind(graph);
  if (withConfig) graph.withConfig = (config: unknown) => hideInTraces(withConfig(config), texts);
  return graph;
}
