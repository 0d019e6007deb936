import type { Json } from "../../state/json.js";
import type { JsonObject } from "../../state/tool.js";
import { canonical } from "../choice/canonical.js";
import type { Answers } from "./task.js";

/** One call of an action, without an id: ids say nothing of what is done. */
export interface ActionCall {
  name: string;
  args: JsonObject;
}

/** The next action of an agent: calls that are made at once, a text command, or a final answer. */
export type Action = { calls: ActionCall[] } | { command: string } | { answer: string; as?: Exclude<Answers, "any"> };

/** One text for equal calls. What JSON cannot carry in one form stands as it is. */
const textOf = ({ name, args }: ActionCall): string => JSON.stringify([name, canonical(args) ?? args]);

/** Calls in one order, each once: what is called at once is a set. Arguments are left as they are. */
export function callSet(calls: readonly ActionCall[]): ActionCall[] {
  const byText = new Map(calls.map((call) => [textOf(call), call]));
  return [...byText].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, call]) => call);
}

/** One text for equal deeds: an action that is no answer, whatever the order of calls and arguments. */
export function deedText(action: Exclude<Action, { answer: string }>): string {
  return "command" in action ? JSON.stringify(action.command) : JSON.stringify(callSet(action.calls).map(textOf));
}

/** An action, from itself or as printed. */
export function actionOf(value: Json): Action | undefined {
  if (typeof value !== "string") return value as unknown as Action;
  try {
    return JSON.parse(value) as Action;
  } catch {
    return undefined;
  }
}
