import type { Json } from "../../state/json.js";
import type { Family } from "../types.js";
import { createAnswers } from "./answers.js";
import { endsInError, hasActed } from "./conversation.js";
import { actionPrompts } from "./prompts.js";
import { readAction } from "./read.js";
import { repeatsOf } from "./repeats.js";
import { actionTask, type ActionTask } from "./task.js";
import { actionOf, deedText } from "./value.js";

/**
 * The next step of an agent: calls of tools, a command in a text world, or the final answer (docs/action.md). Its value is that
 * action as JSON, in one form for equal ones; the vote over sampled actions is its scorer. What cannot be done never wins.
 */
export function createAction(): Family<ActionTask, Json> {
  const answers = createAnswers();
  const same = async (a: Json, b: Json): Promise<boolean | undefined> => {
    const [one, other] = [actionOf(a), actionOf(b)];
    if (!one || !other) return false;
    if ("answer" in one || "answer" in other) return "answer" in one && "answer" in other && answers.same(one, other);
    return deedText(one) === deedText(other);
  };
  return {
    name: "action",
    task: actionTask,
    keepsTools: true,
    needs: ({ tools, mustAnswer }) => (tools?.length && !mustAnswer ? ["tools"] : []),
    prompts: actionPrompts,
    read: async (text, task, _signal, reply) => readAction(text, task, answers, reply),
    insist(task, isLast, doubtful) {
      if (!task.tools?.length || task.mustAnswer || !hasActed(task) || (!isLast && endsInError(task))) return undefined;
      // Calls that no tool takes are no sign that all is known: only what repeats is.
      const action = doubtful === undefined ? undefined : actionOf(doubtful);
      return action && repeatsOf(task)(action) === undefined ? undefined : { ...task, mustAnswer: true };
    },
    same,
    print: (value) => JSON.stringify(value),
    scorer: "vote",
    grade: async (gold, value) => {
      const [right, given] = [actionOf(gold), actionOf(value)];
      if (!right) return null;
      // That both answer now says nothing of what they answer.
      const ungraded = given && "answer" in right && "answer" in given && given.as === undefined;
      return ungraded ? null : same(gold, value);
    },
    close: () => answers.close(),
  };
}
