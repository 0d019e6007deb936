import { ToolMessage } from "@langchain/core/messages";
import { isGraphBubbleUp } from "@langchain/langgraph";
import { ToolInvocationError } from "langchain";
import { chainOf } from "../models/error-parts.js";
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
  // Other middleware between us and the tool wraps what it throws.
  if (signal?.aborted || chainOf(error).some((inner) => ToolInvocationError.isInstance(inner))) throw hide(error);
  return new ToolMessage({
    name: toolCall.name,
    content: `${redact(String(hide(error)))}\n Please fix your mistakes.`,
    tool_call_id: toolCall.id ?? "",
    status: "error",
  });
}
