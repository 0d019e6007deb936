import { isHumanMessage, isToolMessage, type BaseMessage } from "@langchain/core/messages";
import { CopeError } from "../errors.js";
import { fromLangChain, refuseParts, unreadableParts, wordsOf } from "../models/messages.js";
import type { Message } from "../state/message.js";
import type { RunChoices, RunOptions, Settings } from "../state/options.js";

/** What intake finds: this turn's input over whatever the last turn left. */
export interface Arriving {
  question?: string | null;
  messages?: unknown[];
  /** What checks the answer, beside the question: tests, choices, a schema. */
  given?: unknown;
  options?: RunChoices;
  /** What the thread's earlier turns have chosen. */
  chosen?: RunOptions;
  turn?: number;
  settings?: Settings;
}

/**
 * The turn's task before its family parses it, and the message to add where it came as a bare question.
 *
 * @throws CopeError TASK_INVALID where nothing is asked, REQUEST_REJECTED for an image, a file or the like
 */
export function asked({ question, messages = [], given, turn }: Arriving): Asked {
  const beside = besideQuestion(given);
  const said = messages as BaseMessage[];
  // A message that an earlier turn was refused for stays in the thread: that must not end the thread.
  for (const message of turn ? said.slice(typeof question === "string" ? said.length : -1) : said) refuseParts(message);
  if (typeof question === "string")
    return { ...beside, before: said, question, messages: [{ role: "user", content: question }] };
  const last = said.at(-1);
  if (last && isHumanMessage(last)) return { ...beside, before: said.slice(0, -1), question: last.text, messages: [] };
  // An agent between two steps: what was asked, and the steps that were taken for it, are all behind it.
  const latest = last && isToolMessage(last) ? fromLangChain(said).findLast(({ role }) => role === "user") : undefined;
  if (latest) return { ...beside, before: said, midway: true, question: latest.content, messages: [] };
  throw noQuestion();
}

interface Asked extends Record<string, unknown> {
  question: string;
  /** What was said before the next answer. */
  before: BaseMessage[];
  /** The last message is a tool's result. */
  midway?: true;
  /** As plain data, which the channel makes a message of: LangGraph would emit a message to who streams the answer. */
  messages: { role: "user"; content: string }[];
}

/** Nothing is asked. */
export const noQuestion = () =>
  new CopeError(
    "TASK_INVALID",
    "there is no question: neither `question` nor a last human message is given.",
    'invoke({ question: "…" }).',
  );

/** What checks the answer, beside the question. @throws CopeError TASK_INVALID where it is no object */
export function besideQuestion(given: unknown): Record<string, unknown> {
  if (given === undefined || given === null) return {};
  if (typeof given === "object" && !Array.isArray(given)) return { ...given };
  throw new CopeError("TASK_INVALID", "`given` is no object.", 'invoke({ question, given: { tests: ["…"] } }).');
}

/**
 * What was said before the question: for a family that takes an agent's steps (`keepsTools`) with tool calls and their results, for
 * others as plain text. The conversation's own instructions are part of it; of images and the like it says that they cannot be shown.
 */
export function conversation(messages: readonly BaseMessage[], keepsTools = false): { history?: Message[] } {
  const history = keepsTools ? fromLangChain(messages) : inWords(messages);
  return history.length > 0 ? { history } : {};
}

const ROLES: Readonly<Record<string, "user" | "assistant" | "system">> = {
  human: "user",
  ai: "assistant",
  system: "system",
  developer: "system",
};

function inWords(messages: readonly BaseMessage[]): Message[] {
  return messages.flatMap((message) => {
    const role = ROLES[message.getType()];
    const missing = unreadableParts(message).map((type) => `(${type}: cannot be shown here)`);
    const content = [wordsOf(message), ...missing].filter((text) => text.trim() !== "").join("\n");
    return role && content !== "" ? [{ role, content }] : [];
  });
}
