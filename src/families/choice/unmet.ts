/*
 * Schemas that no value can meet. Only what is certain is refused: whether a schema can be met is undecidable in practice,
 * so a contradiction that is hidden deeper shows by samples that cannot be read.
 */

import { isObject, MAX_DEPTH, type JsonObject } from "./canonical.js";
import { at, limits, listed, types, typesOf } from "./unmet-rules.js";

type Schema = boolean | JsonObject;

/** What a walk knows. */
interface Walk {
  /** The whole schema, for references. */
  root: JsonObject;
  /** How deep it is in fields that must be there. */
  depth: number;
  /** Steps left: a schema of many references must not take long. */
  steps: { left: number };
}

const MAX_STEPS = 5_000;

/**
 * Why nothing can meet a schema, as a phrase; `undefined` where something may.
 *
 * @param kinds - types that values are of anyway
 */
export function unmet(root: JsonObject, kinds: readonly string[]): string | undefined {
  return contradiction([root, { type: [...kinds] }], "", { root, depth: 0, steps: { left: MAX_STEPS } });
}

/** What contradicts itself among schemas that one value must meet all. */
function contradiction(given: readonly Schema[], path: string, walk: Walk): string | undefined {
  if (walk.depth > MAX_DEPTH) return at(path.slice(0, 40), "it needs itself without end");
  const parts = flatten(given, walk);
  if (parts.some((part) => part === false || (isObject(part) && isAnything(part["not"]))))
    return at(path, "nothing is allowed there");
  const all = parts.filter((part) => isObject(part));
  const deeper = { ...walk, depth: walk.depth + 1 };
  return (
    types(all, path) ??
    limits(all, path) ??
    listed(all, path) ??
    required(all, path, deeper) ??
    branches(all, path, deeper)
  );
}

/** Whether a schema lets everything pass. */
const isAnything = (schema: unknown): boolean =>
  schema === true || (isObject(schema) && Object.keys(schema).length === 0);

/** Schemas with their references and `allOf` laid beside them. */
function flatten(given: readonly Schema[], { root, steps }: Walk): Schema[] {
  const parts: Schema[] = [];
  const followed = new Set<string>();
  const rest = [...given];
  for (let part = rest.shift(); part !== undefined && steps.left > 0; part = rest.shift()) {
    steps.left -= 1;
    parts.push(part);
    if (!isObject(part)) continue;
    if (Array.isArray(part["allOf"])) rest.push(...(part["allOf"] as Schema[]));
    const reference = part["$ref"];
    if (typeof reference !== "string" || followed.has(reference)) continue;
    followed.add(reference);
    const target = resolve(root, reference);
    if (target !== undefined) rest.push(target);
  }
  return parts;
}

/** What a local reference such as `#/$defs/name` stands for. */
function resolve(root: JsonObject, reference: string): Schema | undefined {
  if (reference === "#") return root;
  if (!reference.startsWith("#/")) return;
  let found: unknown = root;
  for (const step of reference.slice(2).split("/")) {
    const key = decode(step).replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, key)) return;
    found = (found as JsonObject)[key];
  }
  return isObject(found) || typeof found === "boolean" ? found : undefined;
}

function decode(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

/** Fields that must be there and cannot. */
function required(all: readonly JsonObject[], path: string, walk: Walk): string | undefined {
  if (!all.some((schema) => typesOf(schema)?.join() === "object")) return;
  const names = new Set(all.flatMap(({ required: list }) => (Array.isArray(list) ? (list as string[]) : [])));
  for (const name of names) {
    const schemas = all.flatMap((schema) => fieldSchema(schema, name));
    const said = contradiction(schemas, path === "" ? name : `${path}.${name}`, walk);
    if (said) return said;
  }
  return undefined;
}

/** What one schema asks of a field. */
function fieldSchema(schema: JsonObject, name: string): Schema[] {
  const { properties, patternProperties, additionalProperties } = schema;
  if (isObject(properties) && Object.hasOwn(properties, name)) return [properties[name] as Schema];
  if (patternProperties !== undefined || additionalProperties === undefined) return [];
  return [additionalProperties as Schema];
}

/** `anyOf` and `oneOf`: contradictory where each branch is. */
function branches(all: readonly JsonObject[], path: string, walk: Walk): string | undefined {
  for (const schema of all) {
    for (const key of ["anyOf", "oneOf"] as const) {
      const list = schema[key];
      if (!Array.isArray(list) || list.length === 0) continue;
      const { [key]: _, ...rest } = schema;
      const others = all.filter((other) => other !== schema);
      const said = list.map((branch) => contradiction([...others.map(bare), bare(rest), branch as Schema], path, walk));
      if (said.every((one) => one !== undefined)) return at(path, `no branch of ${key} can be met (${said[0]})`);
    }
  }
  return undefined;
}

/** A schema whose references are already laid beside it. */
const bare = ({ $ref: _ref, allOf: _allOf, ...rest }: JsonObject): JsonObject => rest;
