/*
 * The policy of docs/math-equality.md, kind by kind. Every kind that is not named here is compared with its own only.
 */

import { hasValue, sameEquation, sameFormula } from "./engine.js";
import { asRanges } from "./parse-collection.js";
import { parseShape } from "./parse-shape.js";
import { sameNumber } from "./rational.js";
import type { Range, Shape } from "./shape.js";
import { unitsAgree } from "./units.js";

/** The comparison of parts, handed down. */
type Compare = (a: Shape, b: Shape) => boolean;

/** Tuples and rows: place by place. */
const inOrder = (a: readonly Shape[], b: readonly Shape[], compare: Compare): boolean =>
  a.length === b.length && a.every((item, i) => compare(item, b[i]!));

/** Each item of one side takes one that is the same from the other; none may be left. */
function anyOrder<T>(a: readonly T[], b: readonly T[], compare: (a: T, b: T) => boolean): boolean {
  if (a.length !== b.length) return false;
  const left = [...b];
  return a.every((item) => {
    const at = left.findIndex((other) => compare(item, other));
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
}

/** The items that count: inside braces, repeats do not. */
const itemsOf = (shape: Shape & { kind: "set" | "list" }): Shape[] =>
  shape.kind === "list"
    ? shape.items
    : shape.items.filter((item, i, all) => !all.slice(0, i).some((earlier) => sameShape(earlier, item)));

/** Names in front of equals signs, each once. */
const labelsOf = (items: readonly Shape[]): Set<string> =>
  new Set(items.flatMap((item) => (item.kind === "labelled" ? [item.label] : [])));

/** Sets and lists: `\{2,5\}` = `5, 2`. */
function sameItems(a: Shape & { kind: "set" | "list" }, b: Shape & { kind: "set" | "list" }): boolean {
  const [left, right] = [itemsOf(a), itemsOf(b)];
  // Different labels tell the items apart: they must be there on both sides.
  const strict = labelsOf(left).size > 1 || labelsOf(right).size > 1;
  return anyOrder(left, right, (one, other) =>
    strict && (one.kind === "labelled") !== (other.kind === "labelled") ? false : sameShape(one, other),
  );
}

/** Both ends and both brackets. */
const sameRange = (a: Range, b: Range): boolean =>
  a.openLow === b.openLow && a.openHigh === b.openHigh && sameShape(a.low, b.low) && sameShape(a.high, b.high);

/** Unions have no order and are not merged: `(0,2) ∪ (1,3)` is not taken for `(0,3)`. */
function sameRanges(a: Shape, b: Shape): boolean {
  const [left, right] = [asRanges(a), asRanges(b)];
  return left !== undefined && right !== undefined && anyOrder(left, right, sameRange);
}

/** `x = 5` against the same label, another equation, or a bare value. */
function sameLabelled(a: Shape & { kind: "labelled" }, b: Shape): boolean {
  if (b.kind === "labelled") {
    if (a.label === b.label && sameShape(a.value, b.value)) return true;
    return a.sides !== undefined && b.sides !== undefined && sameEquation(a.sides, b.sides);
  }
  if (b.kind === "equation") return a.sides !== undefined && sameEquation(a.sides, b.sides);
  return sameShape(a.value, b);
}

/** Whether two answers of known structure are the same, by the policy of `docs/math-equality.md`. */
function sameShape(a: Shape, b: Shape): boolean {
  if (!unitsAgree(a.unit, b.unit)) return false;
  // Kinds that may be the same as another kind come first.
  if (a.kind === "labelled") return sameLabelled(a, b);
  if (b.kind === "labelled") return sameLabelled(b, a);
  if (a.kind === "ranges" || b.kind === "ranges") return sameRanges(a, b);
  if (a.kind === "number") {
    if (b.kind === "formula") return hasValue(b.latex, a.number);
    return b.kind === "number" && sameNumber(a.number, b.number);
  }
  if (a.kind === "formula") {
    if (b.kind === "number") return hasValue(a.latex, b.number);
    return b.kind === "formula" && sameFormula(a.latex, b.latex);
  }
  if (a.kind === "set" || a.kind === "list") return (b.kind === "set" || b.kind === "list") && sameItems(a, b);
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case "words":
      return a.text === (b as typeof a).text;
    case "based":
      return a.value === (b as typeof a).value;
    case "tuple":
    case "square":
    case "ratio":
      return inOrder(a.items, (b as typeof a).items, sameShape);
    case "matrix": {
      const rows = (b as typeof a).rows;
      return a.rows.length === rows.length && a.rows.every((row, i) => inOrder(row, rows[i]!, sameShape));
    }
    case "equation":
      return sameEquation(a.sides, (b as typeof a).sides);
    case "relation": {
      const other = b as typeof a;
      return a.sign === other.sign && a.sides.every((side, i) => sameFormula(side, other.sides[i]!));
    }
  }
}

/**
 * Whether two answers are the same by mathematics. May run without end on a hostile answer, so it belongs in a worker
 * that can be stopped.
 * @param a - normal form, as of `normalise`
 * @param b - normal form
 */
export const equalNormals = (a: string, b: string): boolean => a === b || sameShape(parseShape(a), parseShape(b));
