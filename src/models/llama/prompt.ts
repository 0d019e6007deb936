import type { AIMessage, BaseMessage, ToolMessage } from "@langchain/core/messages";
import type { ChatHistoryItem, ChatModelFunctionCall, ChatModelResponse, Token } from "node-llama-cpp";
import { CopeError } from "../../errors.js";
import { isBegun, openingOf, thinksByTemplate } from "../thinking/models.js";
import { partThinking } from "../thinking/part.js";
import type { Engine } from "./engine.js";
import type { ToolSpec } from "./shapes.js";
import { templateFunctions, templateTokens } from "./tools.js";

/** What a prompt holds beside the messages. */
export interface PromptOptions {
  /** Described to the model in the template's own words. @default [] */
  tools?: readonly ToolSpec[];
  /** Opens a block of thinking where the template does. @default true */
  opens?: boolean;
}

/**
 * Renders messages with the file's own chat template. Text that looks like a control token stays text: it cannot end
 * a turn or begin another.
 *
 * @param messages - an assistant message at the end is continued instead of answered.
 * @returns the prompt's tokens, the strings at which the template says that a turn ends, whether the
 * template is one of a model that thinks, and whether the prompt ends inside of a block of thinking.
 * @throws CopeError `REQUEST_REJECTED` for what the model cannot be shown (images), and for a tool's answer that no call
 *   asked for.
 */
export function renderPrompt(
  engine: Engine,
  messages: readonly BaseMessage[],
  { tools = [], opens = true }: PromptOptions = {},
): { tokens: Token[]; stop: string[]; thinks: boolean; begun: boolean } {
  const chatHistory = toHistory(messages);
  const functions = tools.length > 0 ? { availableFunctions: templateFunctions(tools) } : {};
  const { contextText, stopGenerationTriggers } = engine.template.generateContextState({
    chatHistory,
    ...functions,
    documentFunctionParams: true,
  });
  const tokens = contextText.tokenize(engine.model.tokenizer);
  const { bos, shouldPrependBosToken } = engine.model.tokens;
  if (shouldPrependBosToken && bos !== null && tokens[0] !== bos) tokens.unshift(bos);
  // Triggers of control tokens end generation in the engine; only those made of plain text are ours to look for.
  const stop = stopGenerationTriggers.flatMap(({ values }) =>
    values.every((value) => typeof value === "string") ? [values.join("")] : [],
  );
  const last = messages.at(-1);
  const goesOn = last?.type === "ai";
  const isOpen = () => isBegun(engine.model.detokenize(tokens.slice(-20), true));
  // The engine's renderer ends where the model's text would, and drops what the template begins it with.
  const opening = !opens || goesOn || isOpen() ? undefined : openingOf(engine.template.template);
  if (opening !== undefined) tokens.push(...templateTokens(engine, opening));
  const begun = goesOn ? endsInThinking(last.text) : isOpen();
  const thinks = begun || thinksByTemplate(engine.template.template) !== undefined;
  return { tokens, stop: stop.filter((text) => text !== ""), thinks, begun };
}

/** Whether a text that is to be continued ends inside of a block of thinking: what follows would be thought. */
const endsInThinking = (text: string): boolean => !partThinking(`${text}\nsaid`).text.endsWith("said");

/** A call, its answer, and what the model said next are one turn of the model to the template. */
function toHistory(messages: readonly BaseMessage[]): ChatHistoryItem[] {
  const history: ChatHistoryItem[] = [];
  const open = new Map<string, ChatModelFunctionCall>();
  let ended = true;
  for (const message of messages) {
    const last = history.at(-1);
    if (message.type === "tool") {
      answer(message as ToolMessage, open);
      continue;
    }
    if (message.type === "ai") {
      const response = said(message as AIMessage, open);
      if (last?.type === "model" && last.response.some((part) => typeof part !== "string")) {
        last.response.push(...response);
      } else history.push({ type: "model", response });
      ended = open.size === 0;
      continue;
    }
    history.push(given(message));
    ended = true;
  }
  const last = history.at(-1);
  // After a tool's answer, and after a question, it is the model's turn.
  if (last?.type !== "model") history.push({ type: "model", response: [""] });
  else if (!ended || typeof last.response.at(-1) !== "string") last.response.push("");
  return history;
}

function given(message: BaseMessage): ChatHistoryItem {
  const text = textOf(message);
  if (message.type === "system" || message.type === "developer") return { type: "system", text };
  if (message.type === "human" || message.type === "generic") return { type: "user", text };
  throw new CopeError(
    "REQUEST_REJECTED",
    `embedded models take no "${message.type}" messages.`,
    "send system, human, ai and tool messages.",
  );
}

function said(message: AIMessage, open: Map<string, ChatModelFunctionCall>): ChatModelResponse["response"] {
  const text = textOf(message);
  const calls = (message.tool_calls ?? []).map(({ id, name, args }, index): ChatModelFunctionCall => {
    const call = { type: "functionCall" as const, name, params: args, result: undefined, startsNewChunk: index === 0 };
    open.set(id ?? name, call);
    return call;
  });
  return calls.length === 0 || text !== "" ? [text, ...calls] : calls;
}

function answer(message: ToolMessage, open: Map<string, ChatModelFunctionCall>): void {
  const call = open.get(message.tool_call_id);
  if (!call) {
    throw new CopeError(
      "REQUEST_REJECTED",
      `a tool message answers the call "${message.tool_call_id}", which no ai message before it made.`,
      "send the ai message with its tool_calls, too.",
    );
  }
  call.result = textOf(message);
}

function textOf(message: BaseMessage): string {
  const { content } = message;
  const other = Array.isArray(content) ? content.find((block) => !SHOWN.has(block.type ?? "text")) : undefined;
  if (!other) return message.text;
  throw new CopeError(
    "REQUEST_REJECTED",
    `embedded models read text only, and a message holds "${other.type}".`,
    "leave it out, or use a model of another provider.",
  );
}

/** Blocks that are text, and those that repeat what `tool_calls` says. */
const SHOWN = new Set(["text", "tool_use", "tool_call", "reasoning", "thinking"]);
