/*
 * Contradictions of schemas that one value must meet all, each by itself. Every rule says what contradicts itself, or nothing.
 */

import { isDeepStrictEqual } from "node:util";
import type { Json } from "../../state/json.js";
import { isObject, type JsonObject } from "./canonical.js";

const LIMITS = [
  ["minimum", "maximum"],
  ["minLength", "maxLength"],
  ["minItems", "maxItems"],
  ["minProperties", "maxProperties"],
] as const;

/** What is said of a place in a schema. */
export const at = (path: string, said: string): string => `${path === "" ? "" : `${path}: `}${said}`;

/** The types that a schema allows; `undefined` where all are. */
export function typesOf(schema: JsonObject): string[] | undefined {
  const { type, nullable } = schema;
  const names = typeof type === "string" ? [type] : (type as string[] | undefined);
  const wide = names?.includes("number") ? [...names, "integer"] : names;
  return nullable === true ? wide && [...wide, "null"] : wide;
}

/** Types that exclude each other. */
export function types(all: readonly JsonObject[], path: string): string | undefined {
  const sets = all.map(typesOf).filter((set) => set !== undefined);
  const common = sets.reduce((left, set) => left?.filter((type) => set.includes(type)), sets[0]);
  return common?.length === 0 ? at(path, "the types it must have exclude each other") : undefined;
}

/** Limits that leave nothing between them. */
export function limits(all: readonly JsonObject[], path: string): string | undefined {
  // Limits bind only values of their kind: where the type is open, another kind of value may do.
  const named = new Set(all.flatMap((schema) => typesOf(schema) ?? []));
  const binds = {
    minimum: ["number", "integer"],
    minLength: ["string"],
    minItems: ["array"],
    minProperties: ["object"],
  };
  const numbers = (key: string): number[] => all.map((schema) => schema[key]).filter((x) => typeof x === "number");
  for (const [low, high] of LIMITS) {
    if (named.size === 0 || ![...named].every((type) => binds[low].includes(type))) continue;
    const least = Math.max(...numbers(low), ...(low === "minimum" ? numbers("exclusiveMinimum") : []));
    const most = Math.min(...numbers(high), ...(low === "minimum" ? numbers("exclusiveMaximum") : []));
    const open = numbers("exclusiveMinimum").includes(least) || numbers("exclusiveMaximum").includes(most);
    if (least > most || (low === "minimum" && open && least === most))
      return at(path, `${low} ${least} leaves nothing below ${high} ${most}`);
  }
  return undefined;
}

const TYPE_OF: Readonly<Record<string, (value: Json) => boolean>> = {
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === "boolean",
  null: (value) => value === null,
  array: Array.isArray,
  object: isObject,
};

/** The values that `enum` and `const` leave, held against the types. */
export function listed(all: readonly JsonObject[], path: string): string | undefined {
  const lists = all.flatMap((schema) => [
    ...(Array.isArray(schema["enum"]) ? [schema["enum"]] : []),
    ...(Object.hasOwn(schema, "const") ? [[schema["const"]!]] : []),
  ]);
  if (lists.length === 0) return;
  const left = lists[0]!.filter(
    (value) =>
      lists.every((list) => list.some((other) => isDeepStrictEqual(other, value))) &&
      all.every((schema) => typesOf(schema)?.some((type) => TYPE_OF[type]?.(value) ?? true) ?? true),
  );
  return left.length === 0 ? at(path, "no listed value is left") : undefined;
}
