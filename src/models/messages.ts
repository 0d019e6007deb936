import { CopeError } from "../errors.js";
/*
 * Between LangChain's messages and ours. What only one provider understands is dropped on the way: ids, reasoning with its
 * signatures, raw tool calls beside the parsed ones. So a conversation that one model began can be put to another, and equal
 * conversations have equal keys on a tape.
 */

import { AIMessage, HumanMessage, SystemMessage, ToolMessage, type BaseMessage } from "@langchain/core/messages";
import type { Message } from "../state/message.js";
import { partThinking } from "./thinking/part.js";
import type { JsonObject, ToolCall } from "../state/tool.js";

/** Our messages as LangChain's. */
export function toLangChain(messages: readonly Message[]): BaseMessage[] {
  return messages.map((message) => {
    const { content } = message;
    if (message.role === "assistant") {
      const calls = message.toolCalls ?? [];
      if (calls.length === 0) return new AIMessage(content);
      return new AIMessage({ content, tool_calls: calls.map((call) => ({ ...call, type: "tool_call" as const })) });
    }
    if (message.role === "tool") {
      const { toolCallId, name } = message;
      return new ToolMessage({ content, tool_call_id: toolCallId, ...(name === undefined ? {} : { name }) });
    }
    return message.role === "system" ? new SystemMessage(content) : new HumanMessage(content);
  });
}

/**
 * LangChain's messages as ours, with calls numbered anew from 1 and results tied to them. Parts that are no text (images) leave
 * their type in brackets. Messages without text and calls, and those that only remove others, are left out.
 */
export function fromLangChain(messages: readonly BaseMessage[]): Message[] {
  const calls = numbered();
  return messages.flatMap((message, said): Message[] => {
    const kind = message.getType();
    const content = textOf(message);
    if (kind === "ai") {
      const toolCalls = callsOf(message).map((call) => calls.made(call, said));
      if (toolCalls.length > 0) return [{ role: "assistant", content, toolCalls }];
      return content.trim() === "" ? [] : [{ role: "assistant", content }];
    }
    if (kind === "tool") {
      const { tool_call_id: id, name } = message as ToolMessage;
      return [calls.answered(id, content, name)];
    }
    if (kind === "remove") return [];
    // Anthropic's own form of a tool's result.
    const results = blocksOf(message).filter(({ type }) => type === "tool_result");
    const answered = results.map(({ tool_use_id: id, content: result }) =>
      calls.answered(String(id), textOf(new HumanMessage({ content: (result ?? "") as string }))),
    );
    const role = kind === "system" || kind === "developer" ? "system" : "user";
    return content.trim() === "" ? answered : [...answered, { role, content }];
  });
}

/** The calls of a model's message, wherever its provider puts them. Ids are its own. */
export function callsOf(message: BaseMessage): ToolCall[] {
  const { tool_calls: parsed = [] } = message as AIMessage;
  if (parsed.length > 0) return parsed.map(({ id, name, args }) => ({ id: id ?? "", name, args: plainArgs(args) }));
  return blocksOf(message).flatMap(({ type, id, name, input, args }) =>
    type === "tool_use" || type === "tool_call"
      ? [{ id: String(id ?? ""), name: String(name), args: plainArgs(input ?? args) }]
      : [],
  );
}

/** Nine letters and digits: the one form of an id that every provider takes. */
export const callId = (nth: number): string => `call${String(nth).padStart(5, "0")}`;

/** How many calls a conversation holds, so that the next one's number is known. */
export const callCount = (messages: readonly Message[]): number =>
  messages.reduce((sum, message) => sum + ((message.role === "assistant" && message.toolCalls?.length) || 0), 0);

/**
 * Gives ids by order, and ties results to calls. Some providers give one id twice, or none: a result is then that of the latest
 * message's first call of that id, and of that tool, that has none yet.
 */
function numbered() {
  let open: { said: number; given: string; call: ToolCall }[] = [];
  let count = 0;
  return {
    made(call: ToolCall, said: number): ToolCall {
      const fresh = { ...call, id: callId((count += 1)) };
      open.push({ said, given: call.id, call: fresh });
      return fresh;
    },
    answered(id: string | undefined, content: string, name?: string): Message {
      const same = open.filter(({ given }) => given === (id ?? ""));
      const named = same.filter(({ call }) => call.name === name);
      const meant = named.length > 0 ? named : same;
      const found = meant.find(({ said }) => said === meant.at(-1)!.said);
      open = open.filter((other) => other !== found);
      const tool = name ?? found?.call.name;
      return {
        role: "tool",
        content,
        toolCallId: found?.call.id ?? `no-${id ?? ""}`,
        ...(tool === undefined ? {} : { name: tool }),
      };
    },
  };
}

/** What arguments are once they have been sent: plain JSON. Some servers send it as a text once more. */
function plainArgs(args: unknown): JsonObject {
  const plain: unknown = typeof args === "string" ? unpacked(args) : JSON.parse(JSON.stringify(args ?? {}));
  return typeof plain === "object" && plain !== null && !Array.isArray(plain) ? (plain as JsonObject) : {};
}

function unpacked(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

type Block = Record<string, unknown> & { type?: string };

const blocksOf = ({ content }: BaseMessage): Block[] => (Array.isArray(content) ? (content as Block[]) : []);

/** Blocks that say nothing to another model, or that are told by other fields. */
const SILENT =
  /^(text|tool_use|tool_call|tool_call_chunk|tool_result|input_json_delta|invalid_tool_call|function_call)$|reasoning|thinking/;

/** A message's text. What a model thought is no part of what it said, and nothing for other models. */
export const wordsOf = (message: BaseMessage): string =>
  message.getType() === "ai" ? partThinking(message.text).text : message.text;

/** A message's words; of what is no text, its kind. */
function textOf(message: BaseMessage): string {
  const others = blocksOf(message).flatMap(({ type = "text" }) => (SILENT.test(type) ? [] : [`[${type}]`]));
  return [wordsOf(message), ...others].filter((part) => part !== "").join("\n");
}

const READABLE = /^(text|tool_use|tool_call|tool_result)/;

/** Kinds of the parts of a message that no text model can read: images, files, audio. What a model wrote for itself is its own. */
export function unreadableParts(message: BaseMessage): string[] {
  if (message.getType() === "ai" || !Array.isArray(message.content)) return [];
  const kinds = (message.content as { type?: string }[]).map(({ type = "text" }) => type);
  return kinds.filter((type) => !READABLE.test(type));
}

/** @throws CopeError REQUEST_REJECTED for parts that no text model can read: dropped in silence they would be missed */
export function refuseParts(message: BaseMessage): void {
  const [type] = unreadableParts(message);
  if (type === undefined) return;
  throw new CopeError(
    "REQUEST_REJECTED",
    `a ${message.getType()} message holds a part of type "${type}", and the cascade reads text alone.`,
    "leave it out, or describe it in words.",
  );
}
