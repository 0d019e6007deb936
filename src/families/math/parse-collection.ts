import type { Form, Parse, Range, Shape } from "./shape.js";
import { isEnclosed, partsOf, splitTop } from "./split.js";
import { ROW_END } from "./spelling.js";

/** A comma or semicolon, "and", "or", or one of each; quoted where they stood in `\text{}`. */
const SEPARATOR =
  / ?"?(?:\band\b|\bor\b)"? ?| ?\\(?:land|lor|wedge|vee)(?![A-Za-z]) ?| ?[,;](?: ?"?(?:and|or)\b"?)? ?/y;
const COMMA = /[,;]/y;

/** Either infinity, with or without sign. */
const isInfinite = (text: string): boolean => /^[+-]?\\infty$/.test(text);

/** A tuple of two is an open interval too; anything else that is no range gives `undefined`. */
export function asRanges(shape: Shape): Range[] | undefined {
  if (shape.kind === "ranges") return shape.ranges;
  if (shape.kind === "tuple" && shape.items.length === 2) {
    return [{ low: shape.items[0]!, high: shape.items[1]!, openLow: true, openHigh: true }];
  }
  // A point in a union: (0,1) ∪ {3}.
  if (shape.kind === "set") {
    return shape.items.map((item) => ({ low: item, high: item, openLow: false, openHigh: false }));
  }
  return undefined;
}

/** One range from its ends; an infinite end is open however it is written. */
export const makeRange = (parse: Parse, low: string, high: string, openLow: boolean, openHigh: boolean): Range => ({
  low: parse(low),
  high: parse(high.replace(/^\+/, "")),
  openLow: openLow || isInfinite(low),
  openHigh: openHigh || isInfinite(high),
});

/**
 * `(a,b)` and longer in parentheses is a tuple; two entries with a square bracket or an infinite end are an interval;
 * `[a,b,c]` keeps its own kind, since square brackets may mean a list or a row.
 */
function parseBrackets(normal: string, parse: Parse): Form | undefined {
  const open = normal[0]!;
  const close = normal.at(-1)!;
  const inside = normal.slice(1, -1);
  const parts = partsOf(inside, COMMA);
  if (parts.length < 2 || parts.some((part) => part === "")) return;
  if (parts.length === 2 && (open !== "(" || close !== ")" || parts.some(isInfinite))) {
    return { kind: "ranges", ranges: [makeRange(parse, parts[0]!, parts[1]!, open === "(", close === ")")] };
  }
  if (open === "(" && close === ")") return { kind: "tuple", items: parts.map(parse) };
  return open === "[" && close === "]" ? { kind: "square", items: parts.map(parse) } : undefined;
}

/** `\{…\}`; empty braces are the empty set. */
function parseSet(normal: string, parse: Parse): Form | undefined {
  if (!/^\\\{.*\\\}$/s.test(normal) || !isEnclosed(normal)) return;
  const inside = normal.slice(2, -2).trim();
  // By a condition on its members: `\{x \mid x > 2\}`.
  const [, member, condition] = /^([A-Za-z])(?:\\in ?\\mathbb\{R\})?(?:\\mid|[|:])(.+)$/.exec(inside) ?? [];
  if (member !== undefined) {
    const shape = parse(condition!.trim());
    return shape.kind === "labelled" && shape.label === member ? shape.value : undefined;
  }
  return { kind: "set", items: inside === "" ? [] : flatten(partsOf(inside, SEPARATOR), parse) };
}

/** Items of a set or list; `1 \pm 2` among them stands for two. */
const flatten = (parts: string[], parse: Parse): Shape[] =>
  parts.map(parse).flatMap((shape) => (shape.kind === "list" ? shape.items : [shape]));

/** Alternatives that are all ranges, of the same label if any, are their union. */
function joinAlternatives(items: Shape[]): Form | undefined {
  const label = items[0]?.kind === "labelled" ? items[0].label : undefined;
  const ranges = items.map((item) => {
    if ((item.kind === "labelled" ? item.label : undefined) !== label) return;
    const shape = item.kind === "labelled" ? item.value : item;
    return shape.kind === "ranges" ? shape.ranges : undefined;
  });
  if (!ranges.every((range) => range !== undefined)) return;
  const union: Shape = { kind: "ranges", ranges: ranges.flat(), unit: "" };
  return label === undefined ? union : { kind: "labelled", label, value: union };
}

/**
 * Sets, tuples, intervals, their unions, and bare lists.
 * @param parse - reads each part.
 * @returns `undefined` for a single value; half-written collections stay formulas and are then refused by the engine.
 */
export function parseCollection(normal: string, parse: Parse): Form | undefined {
  const pieces = splitTop(normal, SEPARATOR);
  if (pieces.length > 1) {
    const parts = pieces.filter((_, i) => i % 2 === 0).map((part) => part.trim());
    if (parts.some((part) => part === "")) return;
    const items = flatten(parts, parse);
    const joined = pieces.some((piece, i) => i % 2 === 1 && piece.includes("or")) && joinAlternatives(items);
    return joined || { kind: "list", items };
  }
  // A union is one only if every part is a range or a set of points.
  const united = partsOf(normal, /\\cup ?/y);
  if (united.length > 1) {
    const ranges = united.map((part) => asRanges(parse(part)));
    return ranges.every((range) => range !== undefined) ? { kind: "ranges", ranges: ranges.flat() } : undefined;
  }
  if (!isEnclosed(normal.replace(/^\\/, ""))) return;
  return parseSet(normal, parse) ?? (/^[([].*[)\]]$/s.test(normal) ? parseBrackets(normal, parse) : undefined);
}

/** Any matrix environment without bars, with brackets of its own or around it. */
const MATRIX = /^[([]?\\begin\{([pbB]?matrix|array)\}(?:\{[clr|]+\})?((?:(?!\\(?:begin|end)).)*)\\end\{\1\}[)\]]?$/s;

/** A matrix by rows, whatever its brackets; bars make a determinant, which is left to the engine. */
export function parseMatrix(normal: string, parse: Parse): Form | undefined {
  const [, , body] = MATRIX.exec(normal) ?? [];
  if (body === undefined) return;
  const rows = body.split(ROW_END).filter((row, i, all) => row.trim() !== "" || i < all.length - 1);
  return { kind: "matrix", rows: rows.map((row) => partsOf(row, /&/y).map(parse)), latex: normal };
}

/** Equations one below the other, and the pieces of a function. */
const ROWS = /^\\?\{?\\begin\{(cases|aligned|align\*?|gathered|array)\}(?:\{[clr|]+\})?(.*)\\end\{\1\}$/s;

/** `\begin{cases}` and its like: a list of its rows; a piece of a function is its value with its condition. */
export function parseRows(normal: string, parse: Parse): Form | undefined {
  const [, environment, body] = ROWS.exec(normal) ?? [];
  if (body === undefined || (environment === "array" && !normal.startsWith("\\{"))) return undefined;
  const rows = body
    .split(ROW_END)
    .map((row) => row.trim().replace(/[,;.]$/, ""))
    .filter((row) => row !== "");
  const items = rows.map((row): Shape => {
    const [value, condition] = partsOf(row, /&/y);
    if (environment !== "cases" || condition === undefined) return parse(row.replaceAll("&", ""));
    const bare = condition.replace(/^ ?"? ?(?:if|for|when)? ?"? ?/, "");
    return { kind: "tuple", items: [parse(value!.replace(/,$/, "")), parse(bare)], unit: "" };
  });
  return items.length === 1 ? items[0] : { kind: "list", items };
}
