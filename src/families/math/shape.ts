import type { PlainNumber } from "./rational.js";

/** One range of the real line. */
export interface Range {
  low: Shape;
  high: Shape;
  /** Whether the end itself is left out; an infinite end always is. */
  openLow: boolean;
  openHigh: boolean;
}

/** What an answer is, apart from its unit: the kinds of `docs/math-equality.md`. */
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
