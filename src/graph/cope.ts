import { END, START, StateGraph, type ExtractStateType, type ExtractUpdateType } from "@langchain/langgraph";
import { EphemeralValue } from "@langchain/langgraph/channels";
import { createApproveNode } from "../nodes/approve.js";
import { createCheckNode } from "../nodes/check.js";
import { withEvents } from "../nodes/events.js";
import { createExecuteNode } from "../nodes/execute.js";
import { createFinishNode } from "../nodes/finish.js";
import { createGateNode } from "../nodes/gate.js";
import { createIntakeNode } from "../nodes/intake.js";
import { createGoalNode, createGuidelineNode } from "../nodes/plan.js";
import { parseOptions } from "../options-error.js";
import { hasApprovals, hasGates } from "../state/ask.js";
import { isChecked } from "../state/stage.js";
import { Channels, formsOf, Output } from "../state/channels.js";
import { hideInTraces } from "./hide-in-traces.js";
import { createKit } from "./kit.js";
import { CopeOptions } from "./options.js";
import {
  afterApproval,
  afterCheck,
  afterGate,
  afterGuideline,
  afterIntake,
  enter,
  entryNode,
  nodesOf,
  sampleNode,
  sendWave,
} from "./route.js";

/** What `createCope` returns: a graph that takes a question and gives an answer, its bill and a report of its stages. */
export type CopeGraph = StateGraph<
  typeof Channels,
  ExtractStateType<typeof Channels>,
  ExtractUpdateType<typeof Channels>,
  string,
  ReturnType<typeof formsOf>["input"],
  typeof Output,
  ReturnType<typeof formsOf>["context"]
>;

/**
 * The cascade as a LangGraph graph, not yet compiled: the caller gives checkpointer and store to `.compile()`.
 *
 * The small model works; the large one is asked for a two-sentence guideline only when measured confidence is low, and
 * takes over only when that fails too (COPE, arXiv 2506.11578). Other stage lists by the option `stages`.
 *
 * @example
 * const cope = createCope({ small: "ollama:qwen3:4b", large: "openai:gpt-4o", family: "math" }).compile();
 * const { answer, ledger } = await cope.invoke({ question: "…" });
 *
 * @throws CopeError OPTIONS_INVALID, SCORER_UNKNOWN; at run time also what intake and the calls throw
 */
export function createCope(options: CopeOptions = {}): CopeGraph {
  const { kit, construction, durable, hide } = createKit(parseOptions(CopeOptions, options, "createCope"));
  const {
    stages,
    options: { ask },
  } = construction;
  const [approvals, gates] = [hasApprovals(ask), hasGates(ask)];
  const first = stages[0]!;

  const graph = new StateGraph({
    ...formsOf(ask),
    state: Channels,
    output: Output,
    nodes: [] as string[],
  });
  // What a turn brought that was refused must not become part of the next one.
  for (const key of ["question", "given", "options"] as const)
    graph.channels[key] = new EphemeralValue(false) as (typeof graph.channels)[typeof key];
  // Nodes take what their edges send them (state, or one sample's order), which the builder cannot know.
  const add = (name: string, node: unknown, ends?: string[]) =>
    graph.addNode(name, withEvents(node as never, hide) as never, ends ? { ends } : {});
  const branch = (from: string, router: unknown, paths: Record<string, string>) =>
    graph.addConditionalEdges(from, router as never, paths);

  add("intake", createIntakeNode(kit, construction, durable));
  add("finish", createFinishNode(kit));
  graph.addEdge(START, "intake");
  graph.addEdge("finish", END);
  branch("intake", gates ? afterIntake(first) : enter(first, "enter"), {
    enter: entryNode(first),
    ...(gates ? { ask: nodesOf(first.name).gate } : {}),
  });

  stages.forEach((stage, i) => {
    const { gate, plan, approve, execute, check } = nodesOf(stage.name);
    const next = stages[i + 1];
    if (gates) {
      add(gate, createGateNode(kit, stage.name));
      branch(gate, afterGate(stage), { approve: entryNode(stage), reject: "finish" });
    }
    if (stage.plan?.kind === "goal") add(plan, createGoalNode(kit, stage, execute), [execute]);
    if (stage.plan?.kind === "guideline") {
      add(plan, createGuidelineNode(kit, stage));
      if (!approvals) branch(plan, sendWave.bind(undefined, stage), { execute });
      else {
        add(approve, createApproveNode(kit, stage.name));
        branch(plan, afterGuideline(stage), { execute, ask: approve });
        branch(approve, afterApproval(stage), { approve: execute, reject: "finish" });
      }
    }
    add(execute, createExecuteNode(kit, stage));
    if (!isChecked(stages, i)) {
      graph.addEdge(execute, "finish");
      return;
    }
    add(check, createCheckNode(kit, stage.name, next?.name));
    graph.addEdge(execute, check);
    branch(check, afterCheck(stage, next), {
      accept: "finish",
      sample: sampleNode(stage),
      ...(next ? { escalate: entryNode(next) } : {}),
      ...(next && gates ? { ask: nodesOf(next.name).gate } : {}),
    });
  });
  if (!options.private?.length) return graph;
  const compile = graph.compile.bind(graph);
  graph.compile = (...given) => hideInTraces(compile(...given), options.private!);
  return graph;
}
