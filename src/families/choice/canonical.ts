import type { ErrorObject } from "ajv";
import type { Json } from "../../state/message.js";

/** A JSON object, such as a schema. */
export type JsonObject = { [key: string]: Json };

/** Deepest nesting of a value or schema. */
export const MAX_DEPTH = 64;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * One spelling for equal values: keys as the schema's `properties` order them, others after them by name. `undefined` for
 * what plain JSON cannot carry unchanged: numbers that are not finite, whole numbers beyond 2^53, and nesting too deep.
 */
export function canonical(value: unknown, schema?: unknown, depth = 0): Json | undefined {
  if (depth > MAX_DEPTH) return;
  if (typeof value === "number") {
    const exact = Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
    // Minus zero is written 0.
    return exact ? value + 0 : undefined;
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => canonical(item, isObject(schema) ? schema["items"] : undefined, depth + 1));
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  if (!isObject(value)) return value as Json;
  const known = isObject(schema) && isObject(schema["properties"]) ? schema["properties"] : {};
  const order = Object.keys(known);
  const place = (key: string) => (Object.hasOwn(known, key) ? order.indexOf(key) : order.length);
  const keys = Object.keys(value).toSorted((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
  const entries = keys.map((key) => [key, canonical(value[key], known[key], depth + 1)] as const);
  return entries.every(([, item]) => item !== undefined) ? (Object.fromEntries(entries) as JsonObject) : undefined;
}

/** A number as JSON would write it, and true and false: what is meant is beyond doubt, unlike "12,5", "$5" or "yes". */
const NUMBER = /^-?(?:0|[1-9]\d{0,15})(?:\.\d{1,15})?$/;
const WORDS: Readonly<Record<string, boolean>> = { true: true, false: false };

/**
 * A copy of a value in which texts are numbers, or true and false, where a schema said that it wants those. Nothing else is
 * changed: no number becomes a text, nothing becomes null, nothing is left out.
 *
 * @param errors - what the schema found wrong with the value
 * @returns `undefined` where there is nothing to change
 */
export function coerce(value: unknown, errors: readonly ErrorObject[]): unknown {
  const copy = structuredClone(value);
  let changed = false;
  for (const { keyword, instancePath, params } of errors) {
    if (keyword !== "type" || instancePath === "") continue;
    const steps = instancePath
      .slice(1)
      .split("/")
      .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
    const name = steps.pop()!;
    const holder = steps.reduce<unknown>((at, step) => (isHolder(at) ? at[step] : undefined), copy);
    if (!isHolder(holder) || !Object.hasOwn(holder, name)) continue;
    const meant = meantBy(holder[name], [(params as { type: string | string[] }).type].flat());
    if (meant === undefined) continue;
    holder[name] = meant;
    changed = true;
  }
  return changed ? copy : undefined;
}

const isHolder = (value: unknown): value is Record<string, unknown> => isObject(value) || Array.isArray(value);

function meantBy(value: unknown, wanted: readonly string[]): number | boolean | undefined {
  if (typeof value !== "string") return;
  const text = value.trim();
  if (wanted.some((type) => type === "number" || type === "integer") && NUMBER.test(text)) return Number(text);
  return wanted.includes("boolean") && Object.hasOwn(WORDS, text) ? WORDS[text] : undefined;
}

/** Quotation marks and emphasis say nothing of which option is meant. */
const MARKS = /[*`"“”„«»$]|<\/?[a-z]{1,10}>|\\[()[\]]/gi;
const WRAPPED = /\\(?:text|textbf|textit|mathbf|mathrm)\s{0,2}\{([^{}]{0,600})\}/g;

/**
 * A text without what models put around an answer: markup, quotation marks, accents, odd spacing. Case and line breaks stay.
 * What LaTeX boxes is announced as an answer is.
 */
export function clean(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(WRAPPED, "$1")
    .replace(/\\(?:boxed|fbox)\s{0,2}\{([^{}]{0,600})\}/g, "\nAnswer: $1\n")
    .replace(MARKS, "")
    .replace(/[’‘]/g, "'")
    .replace(/^[^\S\n]{0,20}(?:#{1,6}|>)[^\S\n]/gm, "")
    .replace(/(?<=\p{L})[-_](?=\p{L})/gu, " ")
    .replace(/[^\S\n]+/g, " ");
}

/** What two spellings of one label have in common: case, accents, spacing and markup are gone. May be empty. */
export function fold(label: string): string {
  return clean(label).replace(/\s+/g, " ").trim().toLowerCase();
}
