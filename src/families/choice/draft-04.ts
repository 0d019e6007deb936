import type { Json } from "../../state/json.js";
import { isObject, type JsonObject } from "./canonical.js";

/** Keywords that hold schemas: one, a list of them, or some by name. */
const ONE = ["additionalItems", "additionalProperties", "items", "not"];
const LISTS = ["allOf", "anyOf", "oneOf", "items"];
const NAMED = ["properties", "patternProperties", "definitions", "dependencies"];

/** A schema of draft-04 as draft-07 says the same: `id` is `$id`, and an exclusive limit is a number of its own. */
export function fromDraft04(schema: Json): Json {
  if (!isObject(schema)) return schema;
  const { $schema: _, id, ...rest } = schema;
  const made: JsonObject = typeof id === "string" ? { ...rest, $id: id } : { ...rest };
  for (const [limit, exclusive] of [
    ["minimum", "exclusiveMinimum"],
    ["maximum", "exclusiveMaximum"],
  ] as const) {
    if (typeof made[exclusive] !== "boolean") continue;
    const isExclusive = made[exclusive] && typeof made[limit] === "number";
    delete made[exclusive];
    if (!isExclusive) continue;
    made[exclusive] = made[limit]!;
    delete made[limit];
  }
  for (const key of ONE) if (isObject(made[key])) made[key] = fromDraft04(made[key]);
  for (const key of LISTS) if (Array.isArray(made[key])) made[key] = made[key].map(fromDraft04);
  for (const key of NAMED) {
    const held = made[key];
    if (isObject(held))
      made[key] = Object.fromEntries(Object.entries(held).map(([name, one]) => [name, fromDraft04(one)]));
  }
  return made;
}
