import type { BaseMessage, SystemMessage } from "@langchain/core/messages";
import { CopeError } from "../errors.js";
import { checkersOf } from "../families/action/calls.js";
import type { ActionTask } from "../families/action/task.js";
import { isChatModel, type ModelLike } from "../models/given.js";
import { fromLangChain } from "../models/messages.js";
import { toolSpecs } from "../models/tool-specs.js";
import type { ToolSpec } from "../state/tool.js";
import { StandIn } from "./decided.js";
import { taskOf } from "./step.js";
import { structured, type Structured } from "./structured.js";

/** What LangChain asks of an agent's model: the parts that a step needs. */
export interface ModelRequest {
  model: unknown;
  messages: readonly BaseMessage[];
  systemMessage: SystemMessage;
  tools: readonly unknown[];
  toolChoice?: unknown;
  responseFormat?: unknown;
  state: { messages: readonly BaseMessage[] };
}

/** A step that is to be decided, as a request asks for it. */
export interface Wanted {
  model: ModelLike;
  task: ActionTask;
  /** A plain answer is no action. */
  mustCall: boolean;
  /** How the run ends, where it ends in a form. */
  structured: Structured | undefined;
}

/**
 * A request as a step of ours.
 *
 * @throws CopeError `TASK_INVALID` where nothing is asked, `OPTIONS_INVALID` for a model or a tool that cannot be used
 */
export function wantedBy(request: ModelRequest, own: Partial<ActionTask>): Wanted {
  const ends = request.responseFormat ? structured(request.responseFormat, request.model) : undefined;
  const endings = ends?.endings ?? [];
  const tools = [...offered(request), ...endings];
  const forced = isForced(request.toolChoice);
  const task: ActionTask = {
    ...taskOf(fromLangChain(request.messages), fromLangChain(request.state.messages)),
    ...own,
    ...(tools.length > 0 ? { tools } : {}),
    ...(endings.length > 0 ? { endings: endings.map(({ name }) => name) } : {}),
    ...systemOf(request.systemMessage, endings, forced),
  };
  return { model: modelOf(request.model), task, mustCall: forced || endings.length > 0, structured: ends };
}

function modelOf(model: unknown): ModelLike {
  if (model instanceof StandIn) return model.standsFor;
  // `model.withConfig(…)`
  const bound = (model as { bound?: unknown }).bound;
  const found = isChatModel(model) ? model : bound;
  if (isChatModel(found)) return found;
  throw new CopeError(
    "OPTIONS_INVALID",
    "the agent's model is no chat model.",
    "give createAgent a chat model, or its name.",
  );
}

/** What is wanted of a call by the request; a tool that must be called is the only one. */
function offered({ tools, toolChoice }: Pick<ModelRequest, "tools" | "toolChoice">): ToolSpec[] {
  if (toolChoice === "none") return [];
  const specs = toolSpecs(tools as never).map(checkable);
  const only = (toolChoice as { function?: { name?: string } } | undefined)?.function?.name;
  return only === undefined ? specs : specs.filter(({ name }) => name === only);
}

/** A schema that we cannot use is no reason to stop an agent that can: the tool itself refuses what it does not take. */
const checkable = (spec: ToolSpec): ToolSpec =>
  typeof checkersOf(spec) === "string" ? { ...spec, accepts: { type: "object" } } : spec;

/** LangChain's `required` and OpenAI's form for one tool, also in other providers' words. */
const isForced = (choice: unknown): boolean => choice !== undefined && choice !== "auto" && choice !== "none";

/** The agent's instructions, and what a call's settings would say where a server knew them. */
function systemOf({ text }: SystemMessage, endings: readonly ToolSpec[], forced: boolean): Pick<ActionTask, "system"> {
  const names = endings.map(({ name }) => name).join(" or ");
  const ending = names && `Every step is a call of a tool. When all is known, end by calling ${names}.`;
  const call = forced && !names ? "This step is a call of a tool." : ending;
  const system = [text, call].filter((part) => part.trim() !== "").join("\n\n");
  return system === "" ? {} : { system };
}
