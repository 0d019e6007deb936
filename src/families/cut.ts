import type { Reading, ReadReply, Unread } from "./types.js";
import type { Json } from "../state/json.js";

/** How providers say that the token limit ended a text, in any case. */
const CUT = /^(?:length|max_?(?:output_?|completion_?|new_?)?tokens|model_length|token_limit)$/i;

/** Whether the token limit ended a text before its model did. */
export const isCut = ({ finish }: Pick<ReadReply, "finish">): boolean => finish !== undefined && CUT.test(finish);

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
