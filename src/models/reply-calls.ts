import type { AIMessage, AIMessageChunk, BaseMessage } from "@langchain/core/messages";
import type { ToolCall } from "../state/tool.js";
import { callsOf } from "./messages.js";
import type { BrokenCall } from "./types.js";

/** What a reply wants called, and what of it cannot be. */
export interface ReplyCalls {
  made: ToolCall[];
  broken: BrokenCall[];
}

/**
 * The calls of a model's reply, in its order, with its own ids. A call without any arguments is one with none (`""`), which LangChain takes for
 * invalid; a streamed one whose JSON does not end is broken, which LangChain completes as if that had been meant.
 */
export function replyCalls(answer: BaseMessage): ReplyCalls {
  const { invalid_tool_calls: invalid = [], additional_kwargs } = answer as AIMessage;
  const made: ToolCall[] = [];
  const broken: BrokenCall[] = [];
  const unended = new Map(unendedChunks(answer).map(({ id, args }) => [id ?? "", args ?? ""]));
  for (const call of callsOf(answer)) {
    const args = unended.get(call.id) ?? stray(answer, call);
    if (args === undefined) made.push(call);
    else broken.push({ name: call.name, args });
  }
  for (const { id, name, args } of invalid) {
    if (isNothing(args) && name) made.push({ id: id ?? "", name, args: {} });
    else broken.push({ name: name ?? "", args: args ?? "" });
  }
  const order = ((additional_kwargs?.["tool_calls"] ?? []) as { id?: string }[]).map(({ id }) => id);
  const place = ({ id }: ToolCall) => (order.includes(id) ? order.indexOf(id) : order.length);
  return { made: made.toSorted((a, b) => place(a) - place(b)), broken };
}

const isNothing = (args: string | undefined): boolean => /^\s*(?:null|\{\s*\})?\s*$/.test(args ?? "");

/** Arguments that are no object: a list, a number, or a text that is no JSON. */
function stray(answer: BaseMessage, { id, name }: ToolCall): string | undefined {
  const given: unknown = (answer as AIMessage).tool_calls?.find(
    (call) => (call.id ?? "") === id && call.name === name,
  )?.args;
  if (typeof given === "string") return isNothing(given) || (/^\s*\{/.test(given) && isJson(given)) ? undefined : given;
  const isPlain = given === undefined || given === null || (typeof given === "object" && !Array.isArray(given));
  return isPlain ? undefined : JSON.stringify(given);
}

/** Pieces of calls whose arguments, put together, are no whole JSON. */
function unendedChunks(answer: BaseMessage) {
  const { tool_call_chunks: chunks = [] } = answer as AIMessageChunk;
  return chunks.filter(({ args }) => !isNothing(args) && !isJson(args!));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
