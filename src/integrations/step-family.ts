import { z } from "zod";
import { createAction } from "../families/action/index.js";
import type { ActionTask } from "../families/action/task.js";
import { actionOf } from "../families/action/value.js";
import type { AnyFamily, ShownPlans } from "../families/types.js";
import type { Json } from "../state/json.js";

/** What an agent sees before its next step, with the advice that was given at an earlier one. */
export interface StepTask extends ActionTask {
  /** The guideline in force; shown until this step gets one of its own. */
  advice?: string | undefined;
}

/**
 * The family `action` as agents need it: advice given at an earlier step stays in sight.
 *
 * @param mustCall - the agent ends by a call (structured output): a plain answer is no action then
 */
export function stepFamily(mustCall: boolean): AnyFamily {
  const action = createAction();
  const { prompts } = action;
  const task = z.intersection(action.task, z.object({ advice: z.string().optional() }));
  return {
    ...action,
    task,
    prompts: {
      ...prompts,
      plan: ({ advice, ...seen }: StepTask, request) => prompts.plan(advice ? told(seen, advice) : seen, request),
      execute: ({ advice, ...seen }: StepTask, plans: ShownPlans) =>
        prompts.execute(seen, advice && !plans.guideline ? { ...plans, guideline: advice } : plans),
    },
    async read(text, seen, signal, reply) {
      const reading = await action.read(text, seen, signal, reply);
      const read = reading?.by === undefined ? undefined : actionOf(reading.value as Json);
      return mustCall && read && "answer" in read ? { why: "it answers without the call that ends the run" } : reading;
    },
  };
}

/** An adviser should know what was advised already, and perhaps did not help. */
const told = (task: ActionTask, advice: string): ActionTask => ({
  ...task,
  system: [task.system, `(The agent was advised at an earlier step: ${advice})`].filter(Boolean).join("\n\n"),
});
