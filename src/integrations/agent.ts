import type { ClientTool, ServerTool } from "@langchain/core/tools";
import type { BaseCheckpointSaver, BaseStore } from "@langchain/langgraph";
import { createAgent, type AnyAgentMiddleware } from "langchain";
import { CopeError } from "../errors.js";
import type { Environment } from "../environments/types.js";
import { hideInTraces } from "../graph/hide-in-traces.js";
import type { ModelLike } from "../models/given.js";
import { EMBEDDED } from "../models/roles.js";
import { StandIn } from "./decided.js";
import { createEnvironmentAgent } from "./environment.js";
import { copeMiddleware, type CopeMiddlewareOptions } from "./middleware.js";

interface Common extends CopeMiddlewareOptions {
  /** The model that acts. @default the embedded Qwen2.5-Coder 0.5B */
  small?: ModelLike;
  /** The agent's instructions. */
  systemPrompt?: string;
  /** Keeps threads: what a process was doing when it died goes on in another one. */
  checkpointer?: BaseCheckpointSaver;
}

/** An agent with tools. */
export interface CopeToolAgentOptions<
  Tools extends readonly (ClientTool | ServerTool)[],
  Middleware extends readonly AnyAgentMiddleware[],
> extends Common {
  tools: Tools;
  /** Other middleware; ours stands after it. */
  middleware?: Middleware;
  store?: BaseStore;
  /** Name of the agent, as in `createAgent`. */
  name?: string;
  environment?: undefined;
}

/** An agent in a world of text commands. */
export interface CopeEnvironmentAgentOptions extends Omit<Common, "answers" | "choices" | "journalTools"> {
  /** The world, as it is when the agent is made: each run begins there. */
  environment: Environment;
  /** Most steps of a run. @default 50 */
  maxSteps?: number;
  tools?: undefined;
}

const toolAgent = <
  const Tools extends readonly (ClientTool | ServerTool)[],
  const Middleware extends readonly AnyAgentMiddleware[],
>(
  given: CopeToolAgentOptions<Tools, Middleware>,
) => {
  const { small, tools, middleware, systemPrompt, checkpointer, store, name, environment: _, ...options } = given;
  const others = middleware ?? ([] as unknown as Middleware);
  const agent = createAgent({
    model: new StandIn(small ?? EMBEDDED["small"]!),
    // Its own type wants both a list that can be changed and one that cannot.
    tools: tools as Tools & (ClientTool | ServerTool)[],
    middleware: [...others, copeMiddleware(options)] as const,
    ...(systemPrompt === undefined ? {} : { systemPrompt }),
    ...(checkpointer ? { checkpointer } : {}),
    ...(store ? { store } : {}),
    ...(name === undefined ? {} : { name }),
  });
  if (options.private) hideInTraces(agent.graph, options.private);
  return agent;
};

type ToolAgent<
  Tools extends readonly (ClientTool | ServerTool)[],
  Middleware extends readonly AnyAgentMiddleware[],
> = ReturnType<typeof toolAgent<Tools, Middleware>>;

/**
 * The paper's agent: at each step the small model acts while its sampled next actions agree, is advised where they do not, and
 * is stood in for where advice does not settle it. With tools it is LangChain's `createAgent` with `copeMiddleware`; with an
 * environment a LangGraph graph that observes, decides among the commands that fit, and acts, with a transcript.
 *
 * @example
 * const agent = createCopeAgent({ small: "ollama:qwen3:4b", large: "openai:gpt-4o", tools: [search, book] });
 * const { messages, cope } = await agent.invoke({ messages: [{ role: "user", content: "…" }] });
 *
 * @example
 * const agent = createCopeAgent({ small, large, environment: world, maxSteps: 30 });
 * const { done, transcript } = await agent.invoke({});
 *
 * @throws CopeError `OPTIONS_INVALID` where neither or both are given, and what `createCope` throws; at run time `ENVIRONMENT_FAILED` with
 * what a world threw as its cause
 */
export function createCopeAgent<
  const Tools extends readonly (ClientTool | ServerTool)[],
  const Middleware extends readonly AnyAgentMiddleware[] = readonly [],
>(options: CopeToolAgentOptions<Tools, Middleware>): ToolAgent<Tools, Middleware>;
export function createCopeAgent(options: CopeEnvironmentAgentOptions): ReturnType<typeof createEnvironmentAgent>;
export function createCopeAgent(
  options: CopeToolAgentOptions<readonly ClientTool[], readonly AnyAgentMiddleware[]> | CopeEnvironmentAgentOptions,
): unknown {
  if (typeof options !== "object" || options === null)
    throw new CopeError("OPTIONS_INVALID", "createCopeAgent needs options.", "give tools, or an environment.");
  if ((options.environment === undefined) === (options.tools === undefined))
    throw new CopeError("OPTIONS_INVALID", "an agent has tools, or an environment.", "give one of the two.");
  if (options.environment !== undefined) return createEnvironmentAgent(options);
  if (Array.isArray(options.tools)) return toolAgent(options);
  throw new CopeError("OPTIONS_INVALID", "createCopeAgent: tools is no list.", "give a list of tools.");
}
