/* What of a formula is the answer: the result of a calculation, or all of an equation. */

import { splitTop } from "./split.js";

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
