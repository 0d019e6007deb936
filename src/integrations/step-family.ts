import { createAction } from "../families/action/index.js";
import { actionOf } from "../families/action/value.js";
import { validCalls } from "../families/action/calls.js";
import type { ActionTask } from "../families/action/task.js";
import { jsonIn } from "../families/choice/find-json.js";
import type { AnyFamily, Reading } from "../families/types.js";
import type { Json } from "../state/json.js";

/**
 * The family `action` as agents need it.
 *
 * @param mustCall - the agent ends by a call (structured output): a plain answer is no action then
 */
export function stepFamily(mustCall: boolean): AnyFamily {
  const family = createAction();
  if (!mustCall) return family;
  // Asked for an answer alone, a model could say nothing that counts.
  const { insist: _, ...action } = family;
  return {
    ...action,
    async read(text, seen, signal, reply) {
      const reading = await action.read(text, seen, signal, reply);
      const found = reading?.by === undefined ? reading?.doubtful : (reading.value as Json);
      const read = found === undefined ? undefined : actionOf(found);
      if (!read || !("answer" in read)) return reading;
      return endingIn(text, seen as ActionTask) ?? { why: "it answers without the call that ends the run" };
    },
  };
}

/** An answer in the form of what ends the run is that call. */
function endingIn(text: string, { tools = [], endings = [] }: ActionTask): Reading<Json> | undefined {
  const found = jsonIn(text, ["{", "["]).at(-1);
  const made = endings.map((name) => validCalls([{ name, args: found }], tools)).find((calls) => Array.isArray(calls));
  return found === undefined || !made ? undefined : { value: { calls: made, inText: true } as never, by: "text" };
}
