import { parseNumber } from "./rational.js";
import type { Form, Shape } from "./shape.js";
import { parseCollection, parseMatrix } from "./parse-collection.js";
import { parseRelation } from "./parse-relation.js";
import { partsOf } from "./split.js";
import { splitUnit } from "./units.js";
import { parseWords } from "./words.js";

const BASE_NAMES = "zero one two three four five six seven eight nine ten eleven twelve".split(" ");
const BASED = /^([\dA-F]+)(?:_(?:(\d)|\{(\d{1,2})\}|\{? ?"([a-z]+)"\}?)| ?"?\(?(?:in )?base (\d{1,2}|[a-z]+)\)?"?)$/;

/** A numeral with its base, `36_7`, by value. */
function parseBased(normal: string): Form | undefined {
  const [, digits, ...names] = BASED.exec(normal) ?? [];
  const name = names.find((part) => part !== undefined);
  if (digits === undefined || name === undefined) return;
  const base = BASE_NAMES.includes(name) ? BASE_NAMES.indexOf(name) : Number(name);
  const values = [...digits].map((digit) => Number.parseInt(digit, 16));
  // `A_1` is a variable with an index, and `x_{10}` never comes here.
  if (!(base >= 2 && base <= 16) || !/\d/.test(digits) || values.some((value) => value >= base)) return;
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

const SYMBOLS: Record<string, string> = { "\\mathbb{R}": "(-\\infty,\\infty)", "\\emptyset": "\\{\\}" };

function parseRatio(normal: string): Form | undefined {
  const parts = partsOf(normal, /:/y);
  return parts.length > 1 ? { kind: "ratio", items: parts.map(parseShape) } : undefined;
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
  const { body, unit } = splitUnit(normal);
  const number = parseNumber(body);
  if (number) return { kind: "number", number, unit };
  // Lists before units: each item may carry its own.
  const many = parseCollection(normal, parseShape) ?? parseRelation(normal, parseShape);
  if (many) return { ...many, unit: "" };
  if (unit !== "" || body !== normal) {
    const inner = parseShape(body);
    return { ...inner, unit: inner.unit === "" ? unit : `${inner.unit} ${unit}`.trim() };
  }
  const symbol = SYMBOLS[normal];
  if (symbol) return parseShape(symbol);
  const form = parseMatrix(normal, parseShape) ?? parsePlusMinus(normal) ?? parseRatio(normal);
  return { ...(form ?? { kind: "formula", latex: normal }), unit };
}
