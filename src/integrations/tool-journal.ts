import { ToolMessage, type BaseMessage } from "@langchain/core/messages";
import { Command, isCommand, MemorySaver } from "@langchain/langgraph";
import { createHash } from "node:crypto";
import { canonical } from "../families/choice/canonical.js";
import { textOf as textOfError } from "../models/error-parts.js";
import { hider, type Hide } from "../models/hide.js";
import type { Journal, JournalKey } from "../models/journal.js";

/** What a tool gives back to its agent. */
export type ToolOutcome = ToolMessage | Command;

/** A call that an agent is about to make. */
export interface ToolAsked {
  thread: string;
  toolCall: { id?: string | undefined; name: string; args: unknown };
  /** Hides private texts in what failed. @default hides none */
  hide?: Hide;
}

/** What the results of tools are kept under, beside the calls of models. */
const NAMESPACE = "tools";

/**
 * Runs a tool once: a call whose result is journaled is not made again. One that was under way when a process died is, since
 * nobody knows what became of it; its result is marked by `response_metadata.cope.mayHaveRunBefore`, the number of such runs.
 */
export async function onceJournaled(
  journal: Journal,
  { thread, toolCall, hide = hider([]) }: ToolAsked,
  run: () => Promise<ToolOutcome>,
): Promise<ToolOutcome> {
  const key = keyOf(thread, toolCall);
  const past = await journal.read(key);
  const settled = past.find((made) => made.state === "answered");
  if (settled) return revived(settled.reply.text);
  const lost = past.filter(({ state }) => state === "intent").length;
  const attempt = past.length + 1;
  await journal.write(key, { attempt, state: "intent" });
  const begun = performance.now();
  const ms = () => Math.round(performance.now() - begun);
  let outcome: ToolOutcome;
  try {
    outcome = marked(await run(), lost);
  } catch (error) {
    // It said so itself, or asks a person: nothing is in doubt.
    const failed = { code: "TOOL_FAILED", message: textOfError(hide(error)) };
    await journal.write(key, { attempt, state: "failed", error: failed, final: false, ms: ms() });
    throw error;
  }
  const text = await kept(outcome);
  const reply = { text: text ?? "", usage: { inputTokens: null, outputTokens: null }, ms: ms() };
  if (text !== undefined) await journal.write(key, { attempt, state: "answered", reply, cached: false });
  return outcome;
}

function keyOf(thread: string, { id, name, args }: ToolAsked["toolCall"]): JournalKey {
  const request = createHash("sha256")
    .update(JSON.stringify([name, canonical(args) ?? args]))
    .digest("hex");
  return { thread, namespace: NAMESPACE, turn: 1, call: `tool/${id}`, request };
}

function marked(outcome: ToolOutcome, lost: number): ToolOutcome {
  if (lost === 0) return outcome;
  const messages: unknown = isCommand(outcome) ? (outcome.update as Record<string, unknown>)?.["messages"] : outcome;
  for (const message of [messages].flat() as BaseMessage[])
    if (ToolMessage.isInstance(message))
      message.response_metadata = { ...message.response_metadata, cope: { mayHaveRunBefore: lost } };
  return outcome;
}

/** As savers keep it, so that messages come back as messages. */
const { serde } = new MemorySaver();

/** Undefined for what cannot be kept: a command that sends to nodes. */
async function kept(outcome: ToolOutcome): Promise<string | undefined> {
  if (!isCommand(outcome)) return textOf({ message: outcome });
  const { graph, update, goto } = outcome;
  const plain = [goto ?? []].flat().every((node) => typeof node === "string");
  return plain ? textOf({ command: { graph, update, goto } }) : undefined;
}

const textOf = async (value: unknown): Promise<string> => {
  const [, bytes] = await serde.dumpsTyped(value);
  return new TextDecoder().decode(bytes);
};

async function revived(text: string): Promise<ToolOutcome> {
  const { message, command } = (await serde.loadsTyped("json", text)) as { message?: ToolMessage; command?: object };
  return message ?? new Command(command as never);
}
