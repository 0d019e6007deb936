import { onlyThought } from "../models/thinking/reply.js";
import { isCut, type Reply } from "../models/types.js";
import type { Json } from "../state/json.js";
import type { AnyFamily, Reading, Unread } from "./types.js";

export { isCut } from "../models/types.js";

/** Why what a cut text holds counts for nothing. */
export const CUT_SHORT: Unread = { why: "its token limit cut it before it stated an answer" };

/**
 * Reads a closing statement from a text that was cut. A value that touches the cut may be the beginning of another one: 1 of 12, or `no`
 * of `nothing`. It is read only where more text could not have changed it.
 */
export function readBeforeCut<Value extends Json>(
  text: string,
  read: (text: string) => Reading<Value> | undefined,
): Reading<Value> | undefined {
  const reading = read(text);
  // A full stop or a line's end closes the statement.
  if (!reading || /(?:[.!?]|\n)\s*$/.test(text)) return reading;
  const longer = read(`${text}7`);
  return longer?.value === reading.value && longer.by === reading.by ? reading : undefined;
}

/** Why nothing is read from a model that thought and said nothing. */
export const whyOnlyThought = (reply: Reply): string =>
  isCut(reply) ? "its token limit cut it while it was thinking" : "it only thought, and said nothing";

/** Reads a reply as its family does. What a model only thought is never read. */
export async function readReply(
  family: AnyFamily,
  reply: Reply,
  task: Json,
  signal?: AbortSignal,
): Promise<Reading<Json> | Unread | undefined> {
  if (onlyThought(reply)) return { why: whyOnlyThought(reply) };
  return family.read(reply.text, task as never, signal, reply);
}
