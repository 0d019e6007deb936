import type { Json } from "../../state/json.js";

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
