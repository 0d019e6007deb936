import type { Message } from "../../state/message.js";
import type { ToolSpec } from "../../state/tool.js";
import { conversationOf, instructionsOf } from "./conversation.js";
import type { ActionTask } from "./task.js";

interface Limits {
  message: number;
  steps: number;
}

/** What planners are shown, in UTF-16 units: of one message, of instructions, and of all steps together. Executors see everything. */
const LIMITS = { message: 2_000, instructions: 3_000, steps: 16_000 } as const;

/**
 * A task as a text, for planners: they act on nothing, so they need no tools, and see a conversation that any model can read.
 * The newest steps are shown, and the latest message to the agent always.
 */
export function transcript(task: ActionTask): string {
  const instructions = instructionsOf(task);
  const { tools = [], actions } = task;
  return [
    instructions && `The agent's instructions:\n${cut(instructions, LIMITS.instructions)}`,
    tools.length > 0 && `Its tools:\n${tools.map(described).join("\n")}`,
    `What happened so far:\n${stepsAsText(task, LIMITS)}`,
    actions && `Commands that are possible now: ${actions.join("; ")}`,
  ]
    .filter(Boolean)
    .join("\n\n");
}

/** The conversation, a message a line: `user: …`, `agent: calls …`, `NAME returned: …`; all of it, or its newest part. */
export function stepsAsText(task: ActionTask, limits: Limits = { message: Infinity, steps: Infinity }): string {
  const said = conversationOf(task);
  const latest = said.findLastIndex(({ role }) => role === "user");
  const lines = said.map((message, i) =>
    i === latest ? `user: ${task.question}` : cut(told(message), limits.message),
  );
  let start = lines.length;
  for (let room = limits.steps; start > 0; start -= 1) {
    room -= lines[start - 1]!.length;
    if (room < 0) break;
  }
  const shown = lines.slice(start);
  const head = start > latest ? [lines[latest]!] : [];
  return [...head, ...(start > 0 ? ["(earlier steps are left out)"] : []), ...shown].join("\n");
}

function told(message: Message): string {
  if (message.role === "tool") return `${message.name ?? "the tool"} returned: ${message.content}`;
  if (message.role !== "assistant") return `user: ${message.content}`;
  const calls = (message.toolCalls ?? []).map(({ name, args }) => `calls ${name}(${JSON.stringify(args)})`);
  return `agent: ${[message.content, ...calls].filter((part) => part.trim() !== "").join(" ")}`;
}

/** A tool in a line: its fields by name, those that must be there marked. */
function described({ name, description, schema }: ToolSpec): string {
  const required = new Set(Array.isArray(schema["required"]) ? (schema["required"] as string[]) : []);
  const fields = Object.keys((schema["properties"] ?? {}) as object).map((key) =>
    required.has(key) ? key : `${key}?`,
  );
  return `- ${name}(${fields.join(", ")})${description ? `: ${cut(description.replace(/\s+/g, " "), 300)}` : ""}`;
}

/** Beginning and end of a long text: what matters of a result may stand at either. */
function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const half = Math.floor(limit / 2);
  return `${text.slice(0, half)} […] ${text.slice(-half)}`;
}
