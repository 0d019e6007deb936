/*
 * From a normal form to its structure, by text alone: which kind of answer it is (shape.ts), with formulas left as text.
 * What two answers have in common is decided by equal.ts, and only formulas go on to the engine. Collections and
 * relations are read by files of their own, which get this file's reader handed in.
 */

import { parseNumber } from "./rational.js";
import type { Form, Shape } from "./shape.js";
import { parseCollection, parseMatrix, parseRows } from "./parse-collection.js";
import { parseRelation } from "./parse-relation.js";
import { isEnclosed, partsOf } from "./split.js";
import { splitUnit } from "./units.js";
import { parseWords } from "./words.js";

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
