import { AIMessage, HumanMessage, isToolMessage, type BaseMessage } from "@langchain/core/messages";
import { callsOf, refuseParts } from "../models/messages.js";

/**
 * A conversation as the cascade takes it: ending in a question. A prompt that is nothing but instructions is one.
 *
 * @throws CopeError REQUEST_REJECTED for parts that no text model can read: dropped in silence they would be missed
 */
export function asConversation(messages: readonly BaseMessage[]): BaseMessage[] {
  for (const message of messages) refuseParts(message);
  const last = messages.at(-1);
  const instructed = last && ["system", "developer"].includes(last.getType());
  return instructed ? [...messages.slice(0, -1), new HumanMessage(last.text)] : [...messages];
}

/** The same conversation for models that may not call tools: what was called, and what came of it, is told in words. */
export function inWords(messages: readonly BaseMessage[]): BaseMessage[] {
  if (!messages.some((message) => isToolMessage(message) || callsOf(message).length > 0)) return [...messages];
  const names = new Map(messages.flatMap(callsOf).map(({ id, name }) => [id, name]));
  const told = messages.map((message): BaseMessage => {
    if (isToolMessage(message)) {
      const name = message.name ?? names.get(message.tool_call_id) ?? "the tool";
      return new HumanMessage(`(${name} returned: ${message.text})`);
    }
    const calls = callsOf(message).map(({ name, args }) => `(called ${name} with ${JSON.stringify(args)})`);
    return calls.length === 0 ? message : new AIMessage([message.text, ...calls].filter(Boolean).join("\n"));
  });
  // Between two steps it is the user's question that is to be answered, with what the tools returned.
  if (!isToolMessage(messages.at(-1)!)) return told;
  const asked = messages.findLastIndex((message) => message.getType() === "human");
  const since = told.slice(asked + 1).map(({ text }) => text);
  const question = asked < 0 ? "" : messages[asked]!.text;
  return [...told.slice(0, Math.max(asked, 0)), new HumanMessage([question, ...since].filter(Boolean).join("\n\n"))];
}
