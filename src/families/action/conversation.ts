import type { Message } from "../../state/message.js";
import type { ActionTask } from "./task.js";

/** Whether the question and steps taken for it are already in the history: it then ends with a tool's result. */
export function isMidway({ question, history = [] }: ActionTask): boolean {
  if (history.at(-1)?.role !== "tool") return false;
  return history.findLast(({ role }) => role === "user")?.content.trim() === question.trim();
}

/** All that was said before the next step, without instructions, the question included. */
export function conversationOf(task: ActionTask): Message[] {
  const said = (task.history ?? []).filter(({ role }) => role !== "system");
  return isMidway(task) ? said : [...said, { role: "user", content: task.question }];
}

/** The agent's own instructions, all of them in order; undefined where it has none. */
export function instructionsOf({ system, history = [] }: ActionTask): string | undefined {
  const own = history.filter(({ role }) => role === "system").map(({ content }) => content);
  const all = [system ?? "", ...own].filter((text) => text.trim() !== "");
  return all.length > 0 ? all.join("\n\n") : undefined;
}

/** Whether a tool was called: before that nothing can be a repeat. */
export const hasActed = ({ history = [] }: ActionTask): boolean => history.some(({ role }) => role === "tool");

/** Whether the results of the latest step tell of an error: a model of more knowledge may find another way then. */
export function endsInError({ history = [] }: ActionTask): boolean {
  const results = history.slice(history.findLastIndex(({ role }) => role !== "tool") + 1);
  return results.some(({ content }) => ERROR.test(content));
}

/** As LangChain and most tools begin it, also as JSON. */
const ERROR = /^[\s"'{[(]{0,10}(?:is_?)?(?:error|exception|traceback|failed|failure)\b/i;
