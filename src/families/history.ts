import { z } from "zod";
import { Message } from "../state/message.js";

/** The field `history` of a task: the conversation before the question, oldest first; absent in a first turn. */
export const History = z.array(Message).optional();

/** Most of a conversation that prompts show: so many messages, and UTF-16 units of their texts together. */
export const HISTORY_LIMITS = { messages: 40, characters: 12_000 } as const;

/**
 * A prompt that shows the earlier conversation: after the system message and any worked examples, before the last message,
 * which asks the question. Of the conversation stand there the newest messages within `HISTORY_LIMITS`, whole ones, from a
 * user's message on. Its own system messages join the prompt's, since many models take only one; they count first.
 *
 * @param messages - the prompt without history; not empty
 * @returns the prompt itself where there is no history, so that first turns are asked as they always were
 */
export function withHistory(messages: Message[], history: readonly Message[] | undefined): Message[] {
  const said = history?.flatMap(inWords) ?? [];
  const instructions = newest(
    said.filter(({ role }) => role === "system"),
    HISTORY_LIMITS,
  );
  const turns = newest(
    said.filter(({ role }) => role !== "system"),
    {
      messages: HISTORY_LIMITS.messages - instructions.length,
      characters: HISTORY_LIMITS.characters - lengthOf(instructions),
    },
  );
  // An answer whose question was cut off would stand there as if the model had begun.
  const first = turns.findIndex(({ role }) => role === "user");
  const shown = first < 0 ? [] : turns.slice(first);
  if (instructions.length + shown.length === 0) return messages;
  return [...instructed(messages.slice(0, -1), instructions), ...shown, messages.at(-1)!];
}

/** What a message says without tools, which these prompts offer none of: nothing where it only calls one, or is its result. */
function inWords(message: Message): { role: "system" | "user" | "assistant"; content: string }[] {
  const { role, content } = message;
  return role === "tool" || content.trim() === "" ? [] : [{ role, content }];
}

/** The newest messages that fit, up to the first that does not. */
function newest<M extends Message>(of: readonly M[], limits: { messages: number; characters: number }): M[] {
  let start = of.length;
  let room = limits.characters;
  while (start > 0 && of.length - start < limits.messages) {
    room -= of[start - 1]!.content.length;
    if (room < 0) break;
    start -= 1;
  }
  return of.slice(start);
}

const lengthOf = (messages: readonly Message[]): number =>
  messages.reduce((sum, { content }) => sum + content.length, 0);

/** A prompt's beginning with a conversation's own instructions at the end of its system message. */
function instructed(prompt: readonly Message[], instructions: readonly Message[]): readonly Message[] {
  if (instructions.length === 0) return prompt;
  const [head, ...rest] = prompt;
  const own = instructions.map(({ content }) => content);
  return head?.role === "system"
    ? [{ ...head, content: [head.content, ...own].join("\n\n") }, ...rest]
    : [{ role: "system", content: own.join("\n\n") }, ...prompt];
}
