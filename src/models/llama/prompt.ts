import type { BaseMessage } from "@langchain/core/messages";
import type { ChatHistoryItem, Token } from "node-llama-cpp";
import { CopeError } from "../../errors.js";
import type { Engine } from "./engine.js";

/**
 * Renders messages with the file's own chat template. Text that looks like a control token stays text: it cannot end
 * a turn or begin another.
 *
 * @param messages - an assistant message at the end is continued instead of answered.
 * @returns the prompt's tokens, and the strings at which the template says that a turn ends.
 * @throws CopeError `REQUEST_REJECTED` for messages without text (tools, images).
 */
export function renderPrompt(engine: Engine, messages: readonly BaseMessage[]): { tokens: Token[]; stop: string[] } {
  const chatHistory = messages.map(toItem);
  if (chatHistory.at(-1)?.type !== "model") chatHistory.push({ type: "model", response: [""] });
  const { contextText, stopGenerationTriggers } = engine.template.generateContextState({ chatHistory });
  const tokens = contextText.tokenize(engine.model.tokenizer);
  const { bos, shouldPrependBosToken } = engine.model.tokens;
  if (shouldPrependBosToken && bos !== null && tokens[0] !== bos) tokens.unshift(bos);
  // Triggers of control tokens end generation in the engine; only those made of plain text are ours to look for.
  const stop = stopGenerationTriggers.flatMap(({ values }) =>
    values.every((value) => typeof value === "string") ? [values.join("")] : [],
  );
  return { tokens, stop: stop.filter((text) => text !== "") };
}

function toItem(message: BaseMessage): ChatHistoryItem {
  const { text } = message;
  switch (message.type) {
    case "system":
      return { type: "system", text };
    case "human":
      return { type: "user", text };
    case "ai":
      return { type: "model", response: [text] };
    default:
      throw new CopeError(
        "REQUEST_REJECTED",
        `embedded models take no "${message.type}" messages yet.`,
        "send system, human and ai messages, or use a model of another provider.",
      );
  }
}
