import JSON5 from "json5";

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

/*
 * Backslashes in JSON that models write. LaTeX, patterns and Windows paths are full of them, and models forget to double them:
 * `"\sqrt{2}"` is no JSON, and `"\frac12"` is JSON of a form feed. The rules, for each text by itself:
 *
 * 1. What JSON does not know stays as it is, backslash included: `\s`, `\d`, `\(`, `\u` without four digits. `\'` is `'`.
 * 2. A text that doubles a backslash knows how to escape: everything else in it is what JSON says.
 * 3. A text that begins as `C:\` keeps all its backslashes.
 * 4. `\b`, `\f` and `\r` before a letter keep the backslash. `\b` and `\f` do beside an escape of rule 1, too.
 * 5. `\n` and `\t` keep it where they begin a LaTeX command. Where what would be left is a word of its own (`\to`, `\nu`), the
 *    text must begin with it, or show `$`, `^`, `_`, `{` or an escape of rules 1 and 4.
 */

/** Stand for a backslash and a line break while JSON is read. Unicode keeps them free of meaning for good. */
const BACKSLASH = "\uFDD0";
const NEWLINE = "\uFDD1";

const CERTAIN = new Set(
  (
    "nabla neq not notin nleq ngeq ncong nsubseteq nsupseteq nonumber nolimits newcommand newline nearrow nwarrow natural " +
    "nrightarrow nleftarrow Nrightarrow " +
    "tanh tbinom textbf textit textrm textsf texttt textup textnormal textstyle tfrac therefore theta thinspace tilde times tiny " +
    "triangle triangleleft triangleright triangleq twoheadrightarrow"
  ).split(" "),
);
const DOUBTFUL = new Set("ne neg nexists ni nless nmid nparallel nsim nu tan tau text to top".split(" "));

const MEANING: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", "/": "/", "\n": "\n" };

/** A text in which no reader of JSON sees a backslash, but before quotation marks. */
const marked = (text: string): string =>
  text
    .replace(/[\uFDD0\uFDD1]/g, "")
    .replace(/\\([^"'])/g, (_, next: string) => BACKSLASH + (next === "\\" ? BACKSLASH : next));

/** A value that was read from a marked text, with its texts and keys as they were meant. */
function unescaped(value: unknown): unknown {
  if (typeof value === "string") return meant(value);
  if (Array.isArray(value)) return value.map(unescaped);
  if (typeof value !== "object" || value === null) return value;
  // Markdown escapes underscores, and no key has a backslash before one.
  const key = (name: string) => meant(name.replaceAll(`${BACKSLASH}_`, "_"));
  return Object.fromEntries(Object.entries(value).map(([name, held]) => [key(name), unescaped(held)]));
}

const ESCAPE = /\uFDD0(u[0-9a-fA-F]{4}|[^])/g;

function meant(given: string): string {
  const text = given.replaceAll(NEWLINE, "\n");
  if (!text.includes(BACKSLASH)) return text;
  const isPath = /^[A-Za-z]:\uFDD0[^\uFDD0]/.test(text);
  const isCareful = !isPath && text.includes(BACKSLASH + BACKSLASH);
  const isForeign = /(?<!\uFDD0)\uFDD0(?:[^\uFDD0bfnrtu/\n]|u(?![0-9a-fA-F]{4}))/.test(text);
  const [, leading = ""] = /^\uFDD0([A-Za-z]+)/.exec(text) ?? [];
  const isFormula = isForeign || DOUBTFUL.has(leading) || /[$^_{]|\uFDD0[bfr][A-Za-z]/.test(text);
  return text.replace(ESCAPE, (_, escape: string, at: number) => {
    const [letter] = escape;
    if (letter === BACKSLASH) return isPath ? "\\\\" : "\\";
    if (isPath) return `\\${escape}`;
    if (escape.length > 1) return String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    const plain = MEANING[escape];
    if (plain === undefined) return `\\${escape}`;
    if (isCareful) return plain;
    const [word = ""] = /^[A-Za-z]*/.exec(text.slice(at + 1, at + 40)) ?? [];
    const isKept = "bfr".includes(escape)
      ? word.length > 1 || (isForeign && escape !== "r")
      : CERTAIN.has(word) || (DOUBTFUL.has(word) && isFormula);
    return isKept ? `\\${escape}` : plain;
  });
}
