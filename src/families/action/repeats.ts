import type { Message } from "../../state/message.js";
import type { JsonObject } from "../../state/tool.js";
import { validCalls } from "./calls.js";
import { findCommand, normalCommand } from "./command.js";
import { conversationOf } from "./conversation.js";
import type { ActionTask } from "./task.js";
import { deedText, type Action, type ActionCall } from "./value.js";

/** One step that was taken: what was done, what came back, and whether it visibly changed nothing. */
interface Step {
  deed: string;
  response: string;
  idle: boolean;
}

/** Rounds of tools are looked for up to so many steps. */
const LONGEST_ROUND = 4;
/** What worlds say to a command that does nothing. */
const NOTHING = /^\W*nothing happens\b/i;

/**
 * Why an action would only repeat what led nowhere; undefined where it may lead somewhere. Given a task first, so that many
 * actions are held against one look at its steps.
 *
 * - A command is a repeat where it was tried in this very state: all steps since then changed nothing, which the world said, or
 *   showed by the same observation as before.
 * - Calls of tools are one where the step before made the very same: their result is known. Where it was seen to change, they are not.
 * - A command is one, too, that was given at least twice with the same response, where each step since then was such a repetition: who
 *   goes round in circles learns nothing.
 * - So are calls that begin a round of up to four steps which was just run twice. Tools answer the same ("ok") to steps that get on, so
 *   circles of other shapes are none.
 */
export function repeatsOf(task: ActionTask): (action: Action) => string | undefined {
  if (task.mayRepeat) return () => undefined;
  const steps = stepsOf(task);
  const idle = new Set(steps.slice(steps.findLastIndex((step) => !step.idle) + 1).map((step) => step.deed));
  const again = task.tools?.length ? begunTwice(steps) : inCircles(steps);
  return (action) => {
    if ("answer" in action) return;
    const deed = deedOf(action);
    if (idle.has(deed)) return `repeat: ${shown(action)} was tried in this state, and nothing changed`;
    const seen = new Set(steps.filter((step) => step.deed === deed).map(({ response }) => response));
    if ("calls" in action && steps.at(-1)?.deed === deed && seen.size === 1)
      return `repeat: ${shown(action)} was just called with these arguments`;
    return again.has(deed) ? `repeat: ${shown(action)} brought the same twice, and nothing was new since` : undefined;
  };
}

/** First deeds of the rounds that were just run twice, with the same responses both times. */
function begunTwice(steps: readonly Step[]): Set<string> {
  const same = (a: Step, b: Step) => a.deed === b.deed && a.response === b.response;
  const lengths = Array.from({ length: LONGEST_ROUND }, (_, i) => i + 1);
  const rounds = lengths.map((length) => steps.slice(-2 * length)).filter((two, i) => two.length === 2 * lengths[i]!);
  const twice = rounds.filter((two) => two.slice(two.length / 2).every((step, i) => same(step, two[i]!)));
  return new Set(twice.map(([first]) => first!.deed));
}

/** What was done again, with the result that was known, since anything was new. */
function inCircles(steps: readonly Step[]): Set<string> {
  const known = new Set<string>();
  const isNew = steps.map(({ deed, response }) => {
    const step = JSON.stringify([deed, response]);
    return !known.has(step) && known.add(step).has(step);
  });
  return new Set(steps.slice(isNew.lastIndexOf(true) + 1).map(({ deed }) => deed));
}

const shown = (action: Exclude<Action, { answer: string }>): string =>
  "command" in action ? JSON.stringify(action.command) : action.calls.map(({ name }) => name).join(", ");

/** Commands of a history need not be among those that are possible now: they are compared in their normal form. */
const deedOf = (action: Exclude<Action, { answer: string }>): string =>
  deedText("command" in action ? { command: normalCommand(action.command) } : action);

function stepsOf(task: ActionTask): Step[] {
  const said = conversationOf(task);
  return task.tools?.length ? toolSteps(said, task) : commandSteps(said);
}

/** Steps since the user spoke last: what is asked for again may be done again. */
function toolSteps(said: readonly Message[], { tools = [] }: ActionTask): Step[] {
  const since = said.slice(said.findLastIndex(({ role }) => role === "user") + 1);
  return since.flatMap((message, i): Step[] => {
    if (message.role !== "assistant" || !message.toolCalls?.length) return [];
    const calls: ActionCall[] = message.toolCalls.map(({ name, args }) => ({ name, args: args as JsonObject }));
    const valid = validCalls(calls, tools);
    const next = since.findIndex((other, at) => at > i && other.role !== "tool");
    const results = since.slice(i + 1, next < 0 ? undefined : next).map(({ content }) => content);
    const deed = deedOf({ calls: typeof valid === "string" ? calls : valid });
    return [{ deed, response: JSON.stringify(results.toSorted()), idle: false }];
  });
}

/** In a text world every user's message is what it shows. */
function commandSteps(said: readonly Message[]): Step[] {
  return said.flatMap((message, i): Step[] => {
    const after = said[i + 1];
    if (message.role !== "assistant" || after?.role !== "user") return [];
    const found = findCommand(message.content);
    const command = found && "command" in found ? found.command : normalCommand(message.content);
    const before = said.slice(0, i).findLast(({ role }) => role === "user");
    const [response, known] = [after.content, before?.content ?? ""].map((text) => text.replace(/\s+/g, " ").trim());
    return [{ deed: deedOf({ command }), response: response!, idle: NOTHING.test(response!) || response === known }];
  });
}
