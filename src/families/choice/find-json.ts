import JSON5 from "json5";
import { marked, NEWLINE, unescaped } from "./json-escapes.js";

/** How much of a text's end is looked at, in characters. */
const TAIL = 40_000;
/** Slips mended in one text. */
const MAX_SLIPS = 100;

/** The last value of `jsonIn`. */
export const findJson = (text: string, open: readonly ("{" | "[")[]): unknown => jsonIn(text, open).at(-1);

/**
 * The JSON objects or lists in a text, in order, in a fence or not, none inside of another. They are read as JSON5: comments,
 * trailing commas, single quotes and bare keys lose nothing. So do Python's `True`, `False` and `None`, line breaks inside of
 * texts, and backslashes that nobody escaped (json-escapes.ts). What is cut off is not completed, and nothing inside of it is taken.
 *
 * @param open - `{` for objects, `[` for lists; both where either will do
 */
export function jsonIn(text: string, open: readonly ("{" | "[")[]): unknown[] {
  const tail = marked(text.slice(-TAIL));
  const found: unknown[] = [];
  const slips = { left: MAX_SLIPS };
  const opening = /[{[]/g;
  for (let at = opening.exec(tail); at; at = opening.exec(tail)) {
    const read = readAt(tail.slice(at.index), slips);
    if (read === "cut off") break;
    if (!read) continue;
    if ((open as readonly string[]).includes(at[0])) found.push(unescaped(read.value));
    opening.lastIndex = at.index + read.length;
  }
  return found;
}

/** What can be told without a reader: braces of prose and formulas are many. */
const MAY_BEGIN = /^(?:\{\s*["'\p{L}$_}/]|\[\s*["'\p{L}\d{[\].+/-])/u;
const EMPTY = /^(?:\{\s*\}|\[\s*\])/;
/** Where JSON has begun for certain: a key with its colon, or a first item. */
const BEGUN = /^(?:\{\s*(?:"[^"\n]*"|'[^'\n]*'|[\w$]+)\s*:|\[\s*(?:[{["\d-]|true|false|null))/;
/** Python's words, and JSON's of the same length. */
const WORDS: Readonly<Record<string, string>> = { True: "true", False: "false", None: "null" };

/** The value that a text begins with. Slips are mended by as many characters, so that lengths stay. */
function readAt(text: string, slips: { left: number }): { value: unknown; length: number } | "cut off" | undefined {
  if (!MAY_BEGIN.test(text)) return undefined;
  const empty = EMPTY.exec(text)?.[0];
  if (empty !== undefined) return { value: text.startsWith("{") ? {} : [], length: empty.length };
  let rest = text;
  let isMended = false;
  for (;;) {
    const all = parse(rest);
    if ("value" in all) return { value: all.value, length: rest.length };
    // Prose that only looks like a beginning must not hide what follows it.
    if (all.end === undefined) return !isMended && BEGUN.test(rest) ? "cut off" : undefined;
    const before = parse(rest.slice(0, all.end));
    if ("value" in before) return { value: before.value, length: all.end };
    const mended = mend(rest, all.end);
    if (mended === undefined || slips.left === 0) return undefined;
    slips.left -= 1;
    isMended = true;
    rest = mended;
  }
}

/** A value, or where it ends to be one: `undefined` where the text ends before. */
function parse(text: string): { value: unknown } | { end: number | undefined } {
  try {
    return { value: JSON5.parse(text) as unknown };
  } catch (error) {
    const { message, lineNumber, columnNumber } = error as Error & { lineNumber: number; columnNumber: number };
    if (message.includes("end of input")) return { end: undefined };
    let start = 0;
    for (let line = 1; line < lineNumber; line++) start = text.indexOf("\n", start) + 1;
    return { end: start + columnNumber - 1 };
  }
}

/** Mends the slip at which reading ended. */
function mend(text: string, end: number): string | undefined {
  if (text[end] === "\n") return text.slice(0, end) + NEWLINE + text.slice(end + 1);
  // What begins as `NaN` does is read one further.
  const at = text.startsWith("No", end - 1) ? end - 1 : end;
  const [word = ""] = /^(?:True|False|None)\b/.exec(text.slice(at, at + 6)) ?? [];
  return word === "" ? undefined : text.slice(0, at) + WORDS[word]! + text.slice(at + word.length);
}
