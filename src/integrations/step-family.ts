import { z } from "zod";
import { createAction } from "../families/action/index.js";
import { instructed } from "../families/action/prompts.js";
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
      plan: (seen: StepTask, request) => prompts.plan(told(seen), request),
      // A guideline of this very step stands in place of an earlier one.
      execute: (seen: StepTask, plans: ShownPlans) => prompts.execute(plans.guideline ? seen : told(seen), plans),
    },
    async read(text, seen, signal, reply) {
      const reading = await action.read(text, seen, signal, reply);
      const read = reading?.by === undefined ? undefined : actionOf(reading.value as Json);
      return mustCall && read && "answer" in read ? { why: "it answers without the call that ends the run" } : reading;
    },
  };
}

/** Advice of an earlier step is told as that: taken for advice on this one, it would have the earlier step done again. */
const told = ({ advice, ...task }: StepTask): ActionTask => {
  if (!advice) return task;
  const note = `(At an earlier step the agent was advised: ${advice} Follow it as far as it still applies.)`;
  const history = task.history?.filter(({ role }) => role !== "system");
  return { ...task, history, system: `${instructed(task)}\n\n${note}` };
};
