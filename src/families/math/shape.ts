import type { PlainNumber } from "./rational.js";

/** One range of the real line. */
export interface Range {
  low: Shape;
  high: Shape;
  /** Whether the end itself is left out; an infinite end always is. */
  openLow: boolean;
  openHigh: boolean;
}

/** What an answer is, apart from its unit: the kinds of `docs/inside/math-equality.md`. */
export type Form =
  | { kind: "number"; number: PlainNumber }
  | { kind: "words"; text: string }
  | { kind: "formula"; latex: string }
  /** A numeral with its base, by value. */
  | { kind: "based"; value: bigint }
  /** In order: `tuple` in parentheses, `square` in square brackets, `ratio` with colons. */
  | { kind: "tuple" | "square" | "ratio"; items: Shape[] }
  /** Without order: `set` in braces (repeats dropped when compared), `list` bare. */
  | { kind: "set" | "list"; items: Shape[] }
  | { kind: "ranges"; ranges: Range[] }
  /** `latex` is the whole of it, for a comparison with a sum or product of matrices. */
  | { kind: "matrix"; rows: Shape[][]; latex: string }
  /** `label = value`, or `label ∈ value`; `sides` where it is an equation. */
  | { kind: "labelled"; label: string; value: Shape; sides?: [string, string] }
  | { kind: "equation"; sides: [string, string] }
  /** Two sides with a sign between them, or three with two: `<`, `>`, `\\le`, `\\ge`, `\\ne`, `\\in`. */
  | { kind: "relation"; sides: string[]; signs: string[] };

/** An answer's structure; formulas in it are still text. */
export type Shape = Form & {
  /** Canonical name of percent, currency, degree or unit; empty when there is none. */
  unit: string;
};

/** Reads the structure of a part; handed down, so that the files that read the kinds need not import each other. */
export type Parse = (normal: string) => Shape;

/**
 * Cuts a text at a separator, but not inside brackets or braces.
 * @param separator - sticky pattern (flag `y`).
 * @returns the parts with the separators between them: part, separator, part, …
 */
export function splitTop(text: string, separator: RegExp): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if ("([{".includes(char)) depth++;
    else if (")]}".includes(char)) depth--;
    else if (depth === 0) {
      // Sticky: the separator must begin right here.
      separator.lastIndex = i;
      const found = separator.exec(text)?.[0];
      if (!found) continue;
      parts.push(text.slice(start, i), found);
      start = i + found.length;
      i = start - 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

/** The parts alone, trimmed. */
export const partsOf = (text: string, separator: RegExp): string[] =>
  splitTop(text, separator)
    .filter((_, i) => i % 2 === 0)
    .map((part) => part.trim());

/** Whether the bracket that opens the text closes at its very end. */
export function isEnclosed(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if ("([{".includes(text[i]!)) depth++;
    else if (")]}".includes(text[i]!) && --depth === 0) return i === text.length - 1;
  }
  return false;
}

/** Commands and letters that stand for a number or a function of numbers. */
const CONSTANT = /\\(?:frac|sqrt|cdot|pi|infty|ln|log|sin|cos|tan|cot|binom|circ)(?![a-z])|[ei](?![a-z])/g;

/** Whether a formula has a name in it that is no known constant or function. */
export const hasVariable = (latex: string): boolean => /[A-Za-z]/.test(latex.replace(CONSTANT, ""));
