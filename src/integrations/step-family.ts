import { createAction } from "../families/action/index.js";
import { actionOf } from "../families/action/value.js";
import type { AnyFamily } from "../families/types.js";
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
      const read = reading?.by === undefined ? undefined : actionOf(reading.value as Json);
      return read && "answer" in read ? { why: "it answers without the call that ends the run" } : reading;
    },
  };
}
