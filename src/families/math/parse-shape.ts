import { parseNumber } from "./rational.js";
import { type Form, hasVariable, isEnclosed, type Parse, partsOf, type Shape, splitTop } from "./shape.js";
import { makeRange, parseCollection, parseMatrix, parseRows } from "./parse-collection.js";
import { splitUnit } from "./units.js";
import { parseWords } from "./read-clause.js";

/*
 * From a normal form to its structure, by text alone: which kind of answer it is (shape.ts), with formulas left as text.
 * What two answers have in common is decided by equal.ts, and only formulas go on to the engine. Collections and
 * relations are read by files of their own, which get this file's reader handed in.
 */

/** Bases that are written as words: `36_{\text{seven}}`. */
const BASE_NAMES = "zero one two three four five six seven eight nine ten eleven twelve".split(" ");
/** `36_7`, `36_{12}`, `36_{"seven"}`, `36 (base 7)`. */
const BASED = /^([\dA-F]+)(?:_(?:(\d)|\{(\d{1,2})\}|\{? ?"([a-z]+)"\}?)| ?"?\(?(?:in )?base (\d{1,2}|[a-z]+)\)?"?)$/;

/** A numeral with its base, `36_7`, by value. */
function parseBased(normal: string): Form | undefined {
  const [, digits, ...names] = BASED.exec(normal) ?? [];
  const name = names.find((part) => part !== undefined);
  if (digits === undefined || name === undefined) return;
  const base = BASE_NAMES.includes(name) ? BASE_NAMES.indexOf(name) : Number(name);
  const values = [...digits].map((digit) => Number.parseInt(digit, 16));
  // `A_1` is a variable with an index, `FF_{16}` is none, and `x_{10}` never comes here.
  if (
    !(base >= 2 && base <= 16) ||
    !(/\d/.test(digits) || (base === 16 && digits.length > 1)) ||
    values.some((value) => value >= base)
  )
    return;
  return { kind: "based", value: values.reduce((sum, value) => sum * BigInt(base) + BigInt(value), 0n) };
}

/** `a \pm b` is the list of its values; several signs in one formula change together. */
function parsePlusMinus(normal: string): Form | undefined {
  if (!normal.includes("\\pm")) return;
  const items = (["+", "-"] as const).map((sign) =>
    parseShape(
      normal
        .replaceAll(/\\pm ?/g, sign)
        .replaceAll(/\\mp ?/g, sign === "+" ? "-" : "+")
        .replace(/^\+/, ""),
    ),
  );
  return { kind: "list", items };
}

/** Symbols that stand for a collection. */
const SYMBOLS: Record<string, string> = { "\\mathbb{R}": "(-\\infty,\\infty)", "\\emptyset": "\\{\\}" };

/** A clock's minutes below ten have a zero that no ratio has: `7:05` is not `7:5`. */
const CLOCK = /^0?(\d{1,2}(?::[0-5]\d)*:0\d(?::[0-5]\d)*)$/;

/** `3:4`, and a clock's `6:30`. */
function parseRatio(normal: string): Form | undefined {
  const clock = CLOCK.exec(normal)?.[1];
  if (clock !== undefined) return { kind: "words", text: clock };
  const parts = partsOf(normal, /:/y);
  return parts.length > 1 ? { kind: "ratio", items: parts.map(parseShape) } : undefined;
}

/** `6 ft 2 in`, `2 hours 30 minutes`: one measure in several units is the list of its parts. */
function parseMeasures(quoted: string): Form | undefined {
  const normal = quoted.replaceAll('"', "");
  if (!/^(?:\d{1,12}(?:\.\d{1,12})? [a-z]{1,12}\.?(?: |$)){2,4}$/i.test(normal)) return;
  const items = normal.match(/\d\S* [a-z]+/gi)!.map(parseShape);
  return items.every(({ unit }, i) => unit !== "" && unit !== items[i - 1]?.unit) ? { kind: "list", items } : undefined;
}

/**
 * The structure of an answer. Pure text work, linear but for the depth of nesting; formulas stay text.
 * @param normal - normal form of at most 400 characters.
 */
export function parseShape(normal: string): Shape {
  const words = parseWords(normal);
  if (words) return "text" in words ? { kind: "words", ...words, unit: "" } : parseShape(words.formula);
  const based = parseBased(normal);
  if (based) return { ...based, unit: "" };
  const measures = parseMeasures(normal);
  if (measures) return { ...measures, unit: "" };
  const { body, unit } = splitUnit(normal);
  // Numbers first: their commas and slashes must not be taken apart.
  const number = parseNumber(body);
  if (number) return { kind: "number", number, unit };
  // Lists before units: each item may carry its own.
  const many =
    parseRows(normal, parseShape) ?? parseCollection(normal, parseShape) ?? parseRelation(normal, parseShape);
  if (many) return { ...many, unit: "" };
  // What is left without its unit is read again; it is shorter, so this ends.
  if (unit !== "" || body !== normal) {
    const inner = parseShape(body);
    return { ...inner, unit: inner.unit === "" ? unit : `${inner.unit} ${unit}`.trim() };
  }
  // Braces without backslashes, as people type sets.
  if (/^\{.*\}$/s.test(normal) && isEnclosed(normal)) return parseShape(normal.slice(1, -1).trim());
  const symbol = SYMBOLS[normal];
  if (symbol) return parseShape(symbol);
  const form = parseMatrix(normal, parseShape) ?? parsePlusMinus(normal) ?? parseRatio(normal);
  return { ...(form ?? { kind: "formula", latex: normal }), unit };
}

/** One name: `x`, `x_1`, `\theta`, `f(x)`, `f^{-1}(x)`, `P(A)`, `f(2)`. */
const NAME =
  /^(?:\\frac\{d[a-z]\}\{d[a-z]\}|[A-Za-z]|\\(?!pi|infty|frac|sqrt|sin|cos|tan|ln|log)[a-z]+)(?:_(?:\w|\{[^{}]*\}))?'?(?:\^\{-1\})?(?:\([a-z](?:,[a-z])*\)|(?<=^[fghpqnPFGHQEN])[([][^()]*[)\]])?$/;
/** Lengths, angles and figures by their points: `|AB|`, `\overline{AB}`, `\angle ABC`, `S_{ABC}`. */
const FIGURE =
  /^(?:m ?)?(?:\\(?:angle|triangle|overline|vec|overrightarrow|measuredangle) ?)?(?:\{?[A-Z]{1,5}\}?|\|[A-Z]{2}\||\|\\vec\{?[a-z]\}?\|)$/;
/** A tuple of names, or words. */
const NAMES = /^(?:\([A-Za-z](?:,[A-Za-z])+\)|"[^"]*"|(?!sin|cos|tan|log|exp)[A-Za-z]{3,}(?: [a-z]{2,}){0,3})$/;

/** Whether a side only names the value on the other side; ratios of names do, too. */
const isLabel = (side: string): boolean =>
  NAME.test(side) ||
  FIGURE.test(side) ||
  NAMES.test(side) ||
  (side.includes(":") && side.split(":").every((part) => NAME.test(part) || FIGURE.test(part)));

/** Signs that state something of two sides. */
const SIGN = /=|<|>|\\(?:le|ge|ne|in|approx)(?![A-Za-z]) ?/y;

const unitless = (form: Form): Shape => ({ ...form, unit: "" });

/** A strict sign, or none (an infinite end), leaves the end out. */
const isOpen = (sign?: string): boolean => sign === undefined || /[<>]/.test(sign);

/** `x > 5`, `5 < x` and `1 < x \le 3` as the range that they give their variable. */
function parseInequality(parts: string[], signs: string[], parse: Parse): Form | undefined {
  // All signs are made to point the same way: left end, variable, right end.
  const upward = signs.every((sign) => /<|le/.test(sign));
  if (!upward && !signs.every((sign) => />|ge/.test(sign))) return;
  const [sides, order] = upward ? [parts, signs] : [parts.toReversed(), signs.toReversed()];
  const at = sides.findIndex(isLabel);
  const label = sides[at];
  const ends = sides.filter((_, i) => i !== at);
  if (label === undefined || sides.length > 3 || (sides.length === 3 && at !== 1) || ends.some(hasVariable)) return;
  const range = makeRange(
    parse,
    sides[at - 1] ?? "-\\infty",
    sides[at + 1] ?? "\\infty",
    isOpen(order[at - 1]),
    isOpen(order[at]),
  );
  return { kind: "labelled", label, value: unitless({ kind: "ranges", ranges: [range] }) };
}

/** Two sides, or a chain `x = 9/2 = 4.5`, of which the first and the last count. */
function parseEquation(parts: string[], parse: Parse): Form {
  const [first, last] = [parts[0]!, parts.at(-1)!];
  // Steps in the middle of a chain are the way, not the answer.
  const sides: [string, string] = [first, last];
  if (isLabel(first)) return { kind: "labelled", label: first, value: parse(last), sides };
  if (parts.length === 2 && isLabel(last)) {
    return { kind: "labelled", label: last, value: parse(first), sides };
  }
  // A calculation, `3 + 4 = 7`, states its result.
  if (!hasVariable(first) && !hasVariable(last)) return parse(last);
  return { kind: "equation", sides };
}

/** Of `\frac23\approx0.667` the exact part counts; behind a mere name the approximation is the value. */
function withoutApproximation(parts: string[], signs: string[]): [string[], string[]] {
  const at = signs.indexOf("\\approx");
  if (at < 0) return [parts, signs];
  if (at > 0 || !isLabel(parts[0]!)) return [parts.slice(0, at + 1), signs.slice(0, at)];
  const [rest, others] = withoutApproximation(parts.slice(1), signs.slice(1));
  return [
    [parts[0]!, ...rest],
    ["=", ...others],
  ];
}

/**
 * Equations, inequalities, and `label ∈ values`.
 * @param parse - reads each side.
 * @returns `undefined` where there is no sign between two sides.
 */
function parseRelation(normal: string, parse: Parse): Form | undefined {
  const pieces = splitTop(normal, SIGN);
  const [parts, signs] = withoutApproximation(
    pieces.filter((_, i) => i % 2 === 0).map((part) => part.trim()),
    pieces.filter((_, i) => i % 2 === 1).map((sign) => sign.trim()),
  );
  if (pieces.length < 2 || parts.some((part) => part === "")) return;
  if (parts.length === 1) return parse(parts[0]!);
  if (signs.every((sign) => sign === "=")) return parseEquation(parts, parse);
  if (signs.length === 1 && signs[0] === "\\in") {
    return isLabel(parts[0]!) ? { kind: "labelled", label: parts[0]!, value: parse(parts[1]!) } : undefined;
  }
  const range = parseInequality(parts, signs, parse);
  if (range) return range;
  return parts.length <= 3 ? { kind: "relation", sides: parts, signs } : undefined;
}
