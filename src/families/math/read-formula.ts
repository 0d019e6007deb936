/* What of a formula is the answer: the result of a calculation, or all of an equation. */

import { splitTop } from "./split.js";

/** `x`, `x_1`, `f(x)`: names that keep their equals sign. */
const LABEL = /^\s*(?:[A-Za-z]|\\[a-z]+)(?:_\{?\w+\}?)?(?:\([a-z]\))?\s*$/;
/** Whether a text is a mere name. */
export const isName = (text: string): boolean => LABEL.test(text);

/** An equals sign, but not that of `<=`, `>=`, `!=` and `==`. */
const EQUALS = /(?<![<>!=:])=(?!=|>|<)/y;
const RELATION = /[<>≤≥≠]|!=|\\(?:le|ge|ne|lt|gt|in|neq|leq|geq)(?![A-Za-z])/;

/** The right side of the last equals sign; the whole formula where there is none, or where it is an inequality. */
export function rightSide(formula: string): string {
  if (RELATION.test(formula) || formula.includes("\\begin{")) return formula;
  return splitTop(formula, EQUALS).at(-1)!;
}

/** A calculation gives its result; `x = 5` and equations stay whole. */
export function resultOf(formula: string): string {
  if (RELATION.test(formula) || formula.includes("\\begin{")) return formula;
  const pieces = splitTop(formula, EQUALS);
  // Of a chain the end counts, where it is a number: `a+b = 3+4 = 7`.
  if (pieces.length > 3 && !LABEL.test(pieces[0]!) && !/[A-Za-z]/.test(pieces.at(-1)!.replace(/\\[A-Za-z]+/g, ""))) {
    return pieces.at(-1)!;
  }
  const left = pieces.slice(0, -2).join("").replace(/&\s*$/, "");
  return left === "" || LABEL.test(left) || /(?<!\\)\b[a-z]\b|[xyz]/.test(left) ? formula : pieces.at(-1)!;
}
