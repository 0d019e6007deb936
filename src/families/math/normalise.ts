import { type Rule, SPACING, SPELLING } from "./spelling.js";
import { splitTop } from "./shape.js";

/** Answers longer than this, in characters, are not read and not compared. */
export const MAX_ANSWER = 400;

/** Applies the rules one after the other. */
const apply = (text: string, rules: readonly Rule[]): string =>
  rules.reduce((done, [pattern, replacement]) => done.replace(pattern, replacement as string), text);

/** Dollar signs in pairs delimit mathematics; a single one is a currency. */
function dropMathDelimiters(text: string): string {
  const bare = text.replace(/\$\$/g, " ");
  const count = bare.match(/(?<!\\)\$/g)?.length ?? 0;
  return count % 2 === 0 ? bare.replace(/(?<!\\)\$/g, " ") : bare;
}

/** Position of the brace that closes the one at `open`; -1 when there is none. */
export function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    const char = text[i];
    if (char === "\\") i++;
    else if (char === "{") depth++;
    else if (char === "}" && --depth === 0) return i;
  }
  return -1;
}

/** One character or command, as TeX takes an argument without braces. */
const ARGUMENT = /^ ?(\d|[A-Za-z]|\\[A-Za-z]+)/;

/** Gives `\frac12`, `\frac{1}2` and `\sqrt2` their braces. */
function completeArguments(text: string): string {
  let done = text.replace(/(\\(?:frac|binom|sqrt(?: ?\[[^\]]*\])?)) ?(\d|(?<= )[A-Za-z]|\\[A-Za-z]+)/g, "$1{$2}");
  // From the last to the first, so that positions found stay valid.
  for (let at = done.length; (at = at > 0 ? done.lastIndexOf("{", at - 1) : -1) >= 0;) {
    if (!/\\(?:frac|binom) ?$/.test(done.slice(Math.max(0, at - 7), at))) continue;
    const close = closingBrace(done, at);
    const argument = close < 0 ? null : ARGUMENT.exec(done.slice(close + 1, close + 40));
    if (argument) done = `${done.slice(0, close + 1)}{${argument[1]}}${done.slice(close + 1 + argument[0].length)}`;
  }
  return done;
}

/** Takes away braces, or parentheses around a single letter or quoted word, that hold the whole text. */
function unwrap(text: string): string {
  let done = text;
  while (done.startsWith("{") && closingBrace(done, 0) === done.length - 1) done = done.slice(1, -1).trim();
  return (
    done
      .replace(/^\(?([A-Z]|"[^"]*")\)$/, "$1")
      .replace(/^" ?\(?([A-Z])[).]? ?"$/, "$1")
      // A choice with what it says: `\textbf{(B)}\ 12`.
      .replace(/^" ?\(([A-J])\)[.:]? ?" ?(?=\S).*$/s, "$1")
      .replace(/^\(?([A-J])\)[.:]? ?(?=\d|\\(?:frac|sqrt|\$)).*$/s, "$1")
      .replace(/^[A-J](?:(?: ?, ?| and |, and )[A-J])+$/, (choices) => choices.replace(/,? and | ?, ?/g, ","))
  );
}

/** Thousands separated by commas without a space, and not part of a longer run. */
const GROUPED = /(?<![\d.,])\d{1,3}(?:,\d{3})+(?!\d|,\d)/g;
/** Thousands separated by spaces, which separate nothing else. */
const SPACED = /(?<![\d.,/] ?)[1-9]\d{0,2}(?: \d{3})+(?! ?\d|\/)/g;

/** `1,250` is a number at the top level; inside a tuple, set or interval the comma separates. */
const joinThousands = (text: string): string => {
  const spaced = text.replace(SPACED, (number) => number.replaceAll(" ", ""));
  return /[([]|\\\{/.test(spaced) ? spaced : spaced.replace(GROUPED, (number) => number.replaceAll(",", ""));
};

/**
 * The normal form of an answer: one spelling for what only looks different. Two answers with the same normal form are
 * the same; the reverse need not hold.
 * @param answer - at most `MAX_ANSWER` characters; what is beyond is not looked at.
 * @returns LaTeX-like text; words stand in double quotes, ends of matrix rows are `ROW_END`.
 */
export function normalise(answer: string): string {
  const bold = answer
    .slice(0, MAX_ANSWER)
    .trim()
    .replace(/^\*\*(.*)\*\*$/s, "$1");
  const spelt = apply(dropMathDelimiters(bold), SPELLING);
  const grouped = joinThousands(spelt.trim().replace(/[.,;:\s]+$/, ""));
  const spaced = apply(completeArguments(grouped), SPACING);
  return unwrap(
    spaced
      .replace(/^(?:[=:]|\\approx|~|(?:about|approximately|approx\.?|roughly|nearly) )+/i, "")
      .trim()
      .replace(/^\+(?=\S)/, ""),
  );
}

/** Words that stand for an answer and are none: a model repeating the form it was asked for. */
const PLACEHOLDER =
  /^(?:(?:your |the |final |insert )*(?:answer|result|solution)(?: here)?|[.…?_]+|\\[lc]?dots|x{2,})$/i;

/** Delimiters around the whole text; what they hold must not contain the closing one. */
const WRAPPERS = [
  /^\$\$([^$]*)\$\$$/,
  /^\$([^$]+)\$$/,
  /^\\\(((?:(?!\\\)).)*)\\\)$/s,
  /^\\\[((?:(?!\\\]).)*)\\\]$/s,
  /^\*\*([^*]*)\*\*$/,
  /^`([^`]*)`$/,
];

/** Commands whose braces only dress what they hold. */
const DRESSED = /^\\(?:boxed|fbox|underline|text(?:bf|it|rm|normal)?|mbox|mathrm|mathbf) ?\{/;

/** Takes one layer away, or gives the text back as it is. */
function unwrapOnce(text: string): string {
  for (const wrapper of WRAPPERS) {
    const inside = wrapper.exec(text)?.[1];
    if (inside !== undefined) return inside;
  }
  const open = DRESSED.exec(text)?.[0].length;
  return open && closingBrace(text, open - 1) === text.length - 1 ? text.slice(open, -1) : text;
}

/**
 * An answer without what surrounds it: `$…$`, `\[…\]`, `\text{…}`, bold, spaces, a closing full stop.
 * @returns `undefined` when nothing readable is left, or too much: more than 400 characters.
 */
export function tidyAnswer(raw: string): string | undefined {
  // Wrappers need some room, but not without end.
  if (raw.length > 2 * MAX_ANSWER) return;
  let text = raw;
  // Each round takes a layer away; more layers than this nobody writes.
  for (let round = 0; round < 8; round++) {
    const inner = unwrapOnce(text.replace(/(?:\\[,;:! ](?![A-Za-z])|\s)+$/, "").replace(/^(?:\\[,;:! ]|\s)+/, ""))
      .trim()
      .replace(/(?<![.\\])[.,;:]$/, "");
    if (inner === text) break;
    text = inner;
  }
  if (text.length > MAX_ANSWER || PLACEHOLDER.test(text)) return;
  // Bare punctuation is no answer.
  return /[\p{L}\p{N}∞π∅]|\\(?:infty|pi|emptyset|varnothing|\{)/u.test(text) ? text : undefined;
}

/* What of a formula is the answer: the result of a calculation, or all of an equation. */

/** `x`, `x_1`, `f(x)`: names that keep their equals sign. */
const LABEL = /^\s*(?:[A-Za-z]|\\[a-z]+)(?:_\{?\w+\}?)?(?:\([a-z]\))?\s*$/;
/** Whether a text is a mere name. */
export const isName = (text: string): boolean => LABEL.test(text);

/** An equals sign, but not that of `<=`, `>=`, `!=` and `==`. */
const EQUALS = /(?<![<>!=:])=(?!=|>|<)/y;
const RELATION = /[<>≤≥≠]|!=|\\(?:le|ge|ne|lt|gt|in|neq|leq|geq)(?![A-Za-z])/;

/** A residue of numbers: `7^{2023} \\equiv 3 \\pmod{10}`. */
const RESIDUE = /^[^A-Za-z=≡]*(?:≡|\\equiv(?![A-Za-z]))\s*([-−]?\d+)\s*(?:\\pmod|\(?\\?(?:b?mod)\b)/;
/** Rows that lead to a result, one below the other; a matrix is none. */
const ROWS = /^\s*\\begin\{(aligned|align|align\*|gathered|split|eqnarray\*?)\}([\s\S]*)\\end\{\1\}\s*$/;
/** A matrix behind an equals sign. */
const MATRIX = /(?<![<>!:])=\s*(\\begin\{[pbvBV]?matrix\}(?:(?!\\begin)[\s\S])*\\end\{[pbvBV]?matrix\})\s*$/;

/** Of a calculation in rows the last one, unless each row gives another name its value; of equal matrices the last. */
function lastRow(formula: string): string {
  const rows = ROWS.exec(formula)?.[2]
    ?.split(/\\\\(?:\[[^\]]*\])?/)
    .map((row) => row.replaceAll("&", "").trim())
    .filter((row) => row !== "");
  const names = rows?.map((row) => row.split("=")[0]!);
  if (rows && names && !(rows.length > 1 && names.every((name) => LABEL.test(name)))) {
    const first = names.find((name) => name.trim() !== "");
    const last = rows.at(-1)!;
    return last.startsWith("=") && first !== undefined && LABEL.test(first) ? first + last : last.replace(/^=/, "");
  }
  const matrix = MATRIX.exec(formula);
  if (matrix && !LABEL.test(formula.slice(0, matrix.index))) return matrix[1]!;
  return RESIDUE.exec(formula)?.[1] ?? formula;
}

/** The right side of the last equals sign; the whole formula where there is none, or where it is an inequality. */
export function rightSide(whole: string): string {
  const formula = lastRow(whole);
  if (RELATION.test(formula) || formula.includes("\\begin{")) return formula;
  return splitTop(formula, EQUALS).at(-1)!;
}

/** A calculation gives its result; `x = 5` and equations stay whole. */
export function resultOf(whole: string): string {
  const formula = lastRow(whole);
  if (RELATION.test(formula) || formula.includes("\\begin{")) return formula;
  const pieces = splitTop(formula, EQUALS);
  // Of a chain the end counts, where it is a number: `a+b = 3+4 = 7`.
  if (pieces.length > 3 && !LABEL.test(pieces[0]!) && !/[A-Za-z]/.test(pieces.at(-1)!.replace(/\\[A-Za-z]+/g, ""))) {
    return pieces.at(-1)!;
  }
  const left = pieces.slice(0, -2).join("").replace(/&\s*$/, "");
  return left === "" || LABEL.test(left) || /(?<!\\)\b[a-z]\b|[xyz]/.test(left) ? formula : pieces.at(-1)!;
}
