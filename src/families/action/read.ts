import { isObject } from "../choice/canonical.js";
import { isCut } from "../cut.js";
import type { Reading, ReadReply, Unread } from "../types.js";
import type { AnswerReader } from "./answers.js";
import { validCalls, type GivenCall } from "./calls.js";
import { findCommand } from "./command.js";
import { repeatsOf } from "./repeats.js";
import { textCalls } from "./text-calls.js";
import type { ActionTask } from "./task.js";
import type { Action } from "./value.js";

/** Answers that are read from a closing statement: what follows it may be missing. */
const STATED: ReadonlySet<string> = new Set(["math", "choice"]);

type Read = Reading<never> | Unread | undefined;

/** A final answer, announced as one. */
const ANSWER = /^[^\S\n]{0,20}[*_#>-]{0,6}[^\S\n]{0,20}(?:final )?answer[*_]{0,3} ?[:=][\s*_]{0,20}(\S[^]*)/im;

/**
 * Reads the next action. What cannot be done, or would only repeat what led nowhere, votes for nothing, with the
 * reason; a repeat is still what answers where no model of the run names anything else.
 */
export async function readAction(
  text: string,
  task: ActionTask,
  answers: AnswerReader,
  { toolCalls = [], brokenCalls = [], finish }: ReadReply = {},
): Promise<Read> {
  if (brokenCalls.length > 0) return { why: `the arguments of ${brokenCalls[0]!.name || "a call"} are no JSON object` };
  const { actions } = task;
  const tools = task.mustAnswer ? [] : (task.tools ?? []);
  const written = toolCalls.length === 0 && tools.length > 0 ? textCalls(text, tools) : undefined;
  if (written === "broken") return { why: "it begins a call that cannot be read" };
  const calls = toolCalls.length > 0 ? toolCalls : written;
  const cut = isCut({ finish });
  // More calls may have followed, and of a streamed one the last argument may be half of what was meant.
  if (calls && cut) return { why: "its token limit cut it at a call" };
  if (calls) {
    const valid = validCalls(calls, tools);
    if (typeof valid === "string") return refused({ calls, ...(written ? IN_TEXT : {}) }, valid, task);
    return taken({ calls: valid, ...(written ? IN_TEXT : {}) }, written ? "text" : "calls", task);
  }
  if (text.trim() === "") return undefined;
  const lines = cut ? text.slice(0, text.lastIndexOf("\n") + 1) : text;
  const found = actions || tools.length === 0 ? findCommand(lines, actions) : undefined;
  if (found) return "why" in found ? found : taken(found, "command", task);
  // In a world of commands everything else is talk, unless the task can be ended by an answer.
  const announced = ANSWER.exec(text)?.[1];
  if (actions && tools.length === 0 && (announced === undefined || task.answers === undefined))
    return { why: "it names no command" };
  const answer = await answers.read(announced ?? text, task, { finish });
  // What is shown to a user must not break off, where another sample gives a whole answer.
  if (cut && "value" in answer && !STATED.has(task.answers ?? "any"))
    return { why: "its token limit cut its answer", doubtful: answer.value as never };
  return answer as Read;
}

function taken(action: Action, by: string, task: ActionTask): Read {
  const why = repeatsOf(task)(action);
  // Where nobody knows better, an agent had better go on than end by an error.
  return why === undefined ? { value: action as never, by } : { why, doubtful: action as never };
}

const IN_TEXT = { inText: true } as const;

/** Calls that no tool takes as they are: where no model knows better, the tools say so themselves, but not twice in a row. */
function refused(
  { calls, ...rest }: { calls: readonly GivenCall[]; inText?: true },
  why: string,
  task: ActionTask,
): Read {
  const action = { calls: calls.map(({ name, args }) => ({ name, args })), ...rest } as Action;
  const isWhole = calls.every(({ args }) => isObject(args));
  return isWhole && repeatsOf(task)(action) === undefined ? { why, doubtful: action as never } : { why };
}
