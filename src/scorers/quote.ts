import type { Json } from "../state/json.js";

/** Longest quotation, in characters. */
const LIMIT = 60;

/** A value as it stands in a verdict's `why`: a string as it is, anything else as JSON, on one line of at most 60 characters. */
export function quoteValue(value: Json): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  // By code point: half a surrogate pair would not survive a JSON file.
  const characters = Array.from(text.replace(/\s+/g, " ").trim());
  return characters.length <= LIMIT ? characters.join("") : `${characters.slice(0, LIMIT - 1).join("")}…`;
}
