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
export const NEWLINE = "\uFDD1";

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
export const marked = (text: string): string =>
  text
    .replace(/[\uFDD0\uFDD1]/g, "")
    .replace(/\\([^"'])/g, (_, next: string) => BACKSLASH + (next === "\\" ? BACKSLASH : next));

/** A value that was read from a marked text, with its texts and keys as they were meant. */
export function unescaped(value: unknown): unknown {
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
