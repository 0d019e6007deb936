/*
 * The policy of docs/math-equality.md, kind by kind. Every kind that is not named here is compared with its own only.
 */

import { every, hasValue, linearIn, multipleOf, sameFormula, type Verdict } from "./formula.js";
import { asRanges } from "./parse-collection.js";
import { parseShape } from "./parse-shape.js";
import { sameNumber } from "./rational.js";
import type { Range, Shape } from "./shape.js";
import { unitsAgree } from "./units.js";

/** Tuples and rows: place by place. */
const inOrder = (a: readonly Shape[], b: readonly Shape[]): Verdict =>
  a.length === b.length && every(a, (item, i) => sameShape(item, b[i]!));

/** Each item of one side takes one that is the same from the other; none may be left. */
function anyOrder<T>(a: readonly T[], b: readonly T[], compare: (a: T, b: T) => Verdict): Verdict {
  if (a.length !== b.length) return false;
  const left = [...b];
  let open = false;
  for (const item of a) {
    const said = left.map((other) => compare(item, other));
    const at = said.indexOf(true);
    if (at >= 0) left.splice(at, 1);
    // It may be the same as one of those left, if only that could be computed.
    else if (said.includes(undefined)) open = true;
    else return false;
  }
  return open ? undefined : true;
}

/** The items that count: inside braces, repeats do not. */
const itemsOf = (shape: Shape & { kind: "set" | "list" }): Shape[] =>
  shape.kind === "list"
    ? shape.items
    : shape.items.filter((item, i, all) => !all.slice(0, i).some((earlier) => sameShape(earlier, item) === true));

/** Names in front of equals signs, each once. */
const labelsOf = (items: readonly Shape[]): Set<string> =>
  new Set(items.flatMap((item) => (item.kind === "labelled" ? [item.label] : [])));

/** Sets and lists: `\{2,5\}` = `5, 2`. */
function sameItems(a: Shape & { kind: "set" | "list" }, b: Shape & { kind: "set" | "list" }): Verdict {
  const [left, right] = [itemsOf(a), itemsOf(b)];
  // Different labels tell the items apart: they must be there on both sides.
  const strict = labelsOf(left).size > 1 || labelsOf(right).size > 1;
  return anyOrder(left, right, (one, other) =>
    strict && (one.kind === "labelled") !== (other.kind === "labelled") ? false : sameShape(one, other),
  );
}

/** Both ends and both brackets. */
const sameRange = (a: Range, b: Range): Verdict =>
  a.openLow === b.openLow &&
  a.openHigh === b.openHigh &&
  every([a.low, a.high], (end, i) => sameShape(end, i === 0 ? b.low : b.high));

/** Unions have no order and are not merged: `(0,2) ∪ (1,3)` is not taken for `(0,3)`. */
function sameRanges(a: Shape, b: Shape): Verdict {
  const [left, right] = [asRanges(a), asRanges(b)];
  return left !== undefined && right !== undefined && anyOrder(left, right, sameRange);
}

/** `(x,y) = (1,2)` names its places as `x = 1, y = 2` does. */
function byName({ label, value }: Shape & { kind: "labelled" }): Shape | undefined {
  const names = /^\((.+)\)$/.exec(label)?.[1]?.split(",");
  if (!names || value.kind !== "tuple" || value.items.length !== names.length) return undefined;
  const items = value.items.map((item, i): Shape => ({ kind: "labelled", label: names[i]!, value: item, unit: "" }));
  return { kind: "list", items, unit: "" };
}

/** `x = 5` against the same label, another equation, or a bare value. */
function sameLabelled(a: Shape & { kind: "labelled" }, b: Shape): Verdict {
  if (b.kind === "list") {
    const named = byName(a);
    return named?.kind === "list" && labelsOf(b.items).size > 1 ? sameItems(named, b) : sameShape(a.value, b);
  }
  if (b.kind === "labelled" || b.kind === "equation") {
    const byLabel = b.kind === "labelled" && a.label === b.label ? sameShape(a.value, b.value) : false;
    if (byLabel !== false || !a.sides || !b.sides) return byLabel;
    return sameEquation(a.sides, b.sides);
  }
  return sameShape(a.value, b);
}

/** Equations are the same when one is a constant multiple of the other. */
function sameEquation(a: readonly [string, string], b: readonly [string, string]): Verdict {
  const sign = multipleOf(a, b);
  return sign === undefined ? undefined : sign !== 0;
}

const TURNED: Record<string, string> = { "<": ">", ">": "<", "\\le": "\\ge", "\\ge": "\\le" };

/** What can be said of one name by a relation that is linear in it: the range of that name. */
function solved(shape: Shape): Shape {
  if (shape.kind !== "relation" || shape.signs.some((sign) => !(sign in TURNED) && sign !== "\\ne")) return shape;
  const { sides, signs } = shape;
  const lines = signs.map((_, i) => linearIn(`(${sides[i]})-(${sides[i + 1]})`));
  if (!lines.every((line) => line !== undefined && line.name === lines[0]!.name)) return shape;
  let low: Shape = { kind: "formula", latex: "-\\infty", unit: "" };
  let high: Shape = { kind: "formula", latex: "\\infty", unit: "" };
  let [openLow, openHigh] = [true, true];
  for (const [i, line] of lines.entries()) {
    const { slope, offset } = line!;
    const flip = slope.top < 0n ? -1n : 1n;
    const end: Shape = {
      kind: "number",
      number: { top: -flip * offset.top * slope.bottom, bottom: flip * offset.bottom * slope.top },
      unit: "",
    };
    const sign = flip < 0n ? (TURNED[signs[i]!] ?? signs[i]!) : signs[i]!;
    const open = sign === "<" || sign === ">";
    if (sign === "\\ne") {
      if (signs.length > 1) return shape;
      const ranges = [
        { low, high: end, openLow: true, openHigh: true },
        { low: end, high, openLow: true, openHigh: true },
      ];
      return labelled(lines[0]!.name, { kind: "ranges", ranges, unit: "" });
    }
    // Two lower ends, as of `x < 3 > x`, say nothing that is worth reading.
    if (/<|le/.test(sign) ? high.kind === "number" : low.kind === "number") return shape;
    if (/<|le/.test(sign)) [high, openHigh] = [end, open];
    else [low, openLow] = [end, open];
  }
  return labelled(lines[0]!.name, { kind: "ranges", ranges: [{ low, high, openLow, openHigh }], unit: "" });
}

const labelled = (label: string, value: Shape): Shape => ({ kind: "labelled", label, value, unit: "" });

/** Relations that are no ranges: the same sign, and one difference a positive multiple of the other, or turned round. */
function sameRelation(a: Shape & { kind: "relation" }, b: Shape & { kind: "relation" }): Verdict {
  if (a.signs.length !== b.signs.length) return false;
  if (a.signs.length > 1 || a.signs[0] === "\\in") {
    return a.signs.join() === b.signs.join() && every(a.sides, (side, i) => sameFormula(side, b.sides[i]!));
  }
  const [sign, other] = [a.signs[0]!, b.signs[0]!];
  const by = multipleOf([a.sides[0]!, a.sides[1]!], [b.sides[0]!, b.sides[1]!]);
  if (by === undefined) return undefined;
  return by !== 0 && (sign === "\\ne" ? other === sign : other === (by > 0 ? sign : TURNED[sign]));
}

/** Whether two answers of known structure are the same, by the policy of `docs/math-equality.md`. */
function sameShape(one: Shape, other: Shape): Verdict {
  const [a, b] = [solved(one), solved(other)];
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
    return (b.kind === "formula" || b.kind === "matrix") && sameFormula(a.latex, b.latex);
  }
  if (a.kind === "matrix" && b.kind === "formula") return sameFormula(a.latex, b.latex);
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
      return inOrder(a.items, (b as typeof a).items);
    case "matrix": {
      const rows = (b as typeof a).rows;
      return a.rows.length === rows.length && every(a.rows, (row, i) => inOrder(row, rows[i]!));
    }
    case "equation":
      return sameEquation(a.sides, (b as typeof a).sides);
    case "relation":
      return sameRelation(a, b as typeof a);
  }
}

/**
 * Whether two answers are the same by mathematics.
 *
 * @param a - normal form, as of `normalise`
 * @param b - normal form
 * @returns `undefined` where deciding would take too much; the work is counted, so that is the same on any machine
 */
export const equalNormals = (a: string, b: string): Verdict => a === b || sameShape(parseShape(a), parseShape(b));
