import { makeRange } from "./parse-collection.js";
import type { Form, Parse, Shape } from "./shape.js";
import { hasVariable, splitTop } from "./split.js";

/** One name: `x`, `x_1`, `\theta`, `f(x)`, `f^{-1}(x)`, `P(A)`, `f(2)`. */
const NAME =
  /^(?:\\frac\{d[a-z]\}\{d[a-z]\}|[A-Za-z]|\\(?!pi|infty|frac|sqrt|sin|cos|tan|ln|log)[a-z]+)(?:_(?:\w|\{[^{}]*\}))?'?(?:\^\{-1\})?(?:\([a-z](?:,[a-z])*\)|(?<=^[fghpqnPFGHQEN])[([][^()]*[)\]])?$/;
/** Lengths, angles and figures by their points: `|AB|`, `\overline{AB}`, `\angle ABC`, `S_{ABC}`. */
const FIGURE =
  /^(?:m ?)?(?:\\(?:angle|triangle|overline|vec|overrightarrow|measuredangle) ?)?(?:\{?[A-Z]{1,5}\}?|\|[A-Z]{2}\||\|\\vec\{?[a-z]\}?\|)$/;
/** A tuple of names, or words. */
const NAMES = /^(?:\([A-Za-z](?:,[A-Za-z])+\)|"[^"]*"|(?!sin|cos|tan|log|exp)[A-Za-z]{3,}(?: [a-z]{2,}){0,3})$/;

/** Whether a side only names the value on the other side; ratios of names do, too. */
export const isLabel = (side: string): boolean =>
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
export function parseRelation(normal: string, parse: Parse): Form | undefined {
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
