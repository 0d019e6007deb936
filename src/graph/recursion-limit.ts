import type { createCope } from "./cope.js";
import { hasApprovals, hasGates, type Ask } from "../state/approval.js";
import { isChecked, type Stage } from "../state/stage.js";

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

/**
 * Super-steps a run of these stages can need, plus one: LangGraph's default of 25 is too low for long lists. Give it as
 * `recursionLimit` to `invoke`, or by `.withConfig`.
 *
 * @param ask - the graph's option of this name: nodes that ask a person are steps, too
 */
export function recommendedRecursionLimit(stages: readonly Stage[], ask?: Ask): number {
  const gate = hasGates(ask) ? 1 : 0;
  const approve = hasApprovals(ask) ? 1 : 0;
  const steps = stages.map((stage, i) => {
    const check = isChecked(stages, i) ? 1 : 0;
    const waves = check ? 3 : 1;
    if (stage.plan?.kind === "goal") return gate + waves * (2 + check);
    return gate + (stage.plan ? 1 + approve : 0) + waves * (1 + check);
  });
  return 3 + steps.reduce((a, b) => a + b, 0) + 1;
}
