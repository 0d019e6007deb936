import { ToolMessage } from "@langchain/core/messages";
import { isGraphBubbleUp } from "@langchain/langgraph";
import { ToolInvocationError } from "langchain";
import type { Hide } from "../models/hide.js";
import { redact } from "../models/redact.js";

/** A call of a tool that failed. */
export interface ToolFailed {
  toolCall: { id?: string | undefined; name: string };
  signal?: AbortSignal | undefined;
  hide: Hide;
}

/**
 * What a tool threw, as a result that the model reads: LangChain tells it so by itself, but only where no middleware is around
 * its tools.
 *
 * @throws what is no tool's failure: LangGraph's own signals, an abort, and arguments that do not fit, which LangChain tells itself
 */
export function toldToModel(error: unknown, { toolCall, signal, hide }: ToolFailed): ToolMessage {
  if (isGraphBubbleUp(error)) throw error;
  if (signal?.aborted || isOfArguments(error)) throw hide(error);
  return new ToolMessage({
    name: toolCall.name,
    content: `${redact(String(hide(error)))}\n Please fix your mistakes.`,
    tool_call_id: toolCall.id ?? "",
    status: "error",
  });
}

/** Other middleware between us and the tool wraps what it throws. */
function isOfArguments(error: unknown): boolean {
  for (let inner = error; inner; inner = (inner as { cause?: unknown }).cause)
    if (ToolInvocationError.isInstance(inner)) return true;
  return false;
}
