import type { Json } from "../../state/json.js";
import type { JsonObject } from "../../state/tool.js";
import { canonical } from "../choice/canonical.js";
import type { Answers } from "./task.js";

/** One call of an action, without an id: ids say nothing of what is done. */
export interface ActionCall {
  name: string;
  /** As the model wrote them; mended only where the tool would refuse them so (`"3"` for a number). */
  args: JsonObject;
  /** The form by which calls are compared, where it differs: defaults filled in, unknown fields dropped, numbers as numbers. */
  meant?: JsonObject;
}

/**
 * The next action of an agent: calls that are made at once in their order (`inText`: the model wrote them into its text, which says
 * nothing else), a text command, or a final answer.
 */
export type Action =
  | { calls: ActionCall[]; inText?: true }
  | { command: string }
  | { answer: string; as?: Exclude<Answers, "any"> };

/** One text for equal calls. What JSON cannot carry in one form stands as it is. */
const textOf = ({ name, args, meant = args }: ActionCall): string => JSON.stringify([name, canonical(meant) ?? meant]);

/** One text for equal deeds: an action that is no answer. Calls that are made at once are compared as a set. */
export function deedText(action: Exclude<Action, { answer: string }>): string {
  if ("command" in action) return JSON.stringify(action.command);
  return JSON.stringify([...new Set(action.calls.map(textOf))].toSorted());
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
