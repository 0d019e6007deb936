import { toJsonSchema } from "@langchain/core/utils/json_schema";
import { isZodSchemaV3, isZodSchemaV4 } from "@langchain/core/utils/types";
import { toJSONSchema, type $ZodType, type JSONSchema } from "zod/v4/core";
import type { JsonObject } from "../state/tool.js";

type Node = JSONSchema.BaseSchema;

/**
 * What a zod schema takes, as JSON schema. LangChain tells models of a narrower form: no field beside those that are named, and
 * none left out that has a default. zod itself drops the ones and fills the others. Where JSON schema cannot say what zod
 * takes (coercion, flags of an expression, a date), anything passes: the tool itself decides.
 *
 * @returns a schema in which an object without `additionalProperties` drops unknown fields; undefined for what is no zod schema
 */
export function inputSchema(schema: unknown): JsonObject | undefined {
  if (isZodSchemaV4(schema)) {
    const params = { io: "input", unrepresentable: "any", override: widen } as const;
    try {
      return plain(toJSONSchema(schema as $ZodType, params));
    } catch {
      // Of another version of zod: the form that models are told of will do.
      return undefined;
    }
  }
  if (!isZodSchemaV3(schema)) return undefined;
  const isStrict = (schema as { _def?: { unknownKeys?: string } })._def?.unknownKeys === "strict";
  const { additionalProperties, ...shown } = opened(plain(toJsonSchema(schema as never))) as JsonObject;
  return isStrict || additionalProperties === true ? { ...shown, additionalProperties: !isStrict } : shown;
}

const plain = (schema: unknown): JsonObject => JSON.parse(JSON.stringify(schema)) as JsonObject;

interface Def {
  type: string;
  coerce?: boolean;
  in?: $ZodType;
  shape?: Readonly<Record<string, $ZodType>>;
  checks?: readonly { _zod: { def: { check: string; pattern?: RegExp } } }[];
}

const defOf = (schema: $ZodType): Def => schema._zod.def as unknown as Def;

/** Whether zod makes something of whatever it gets. */
function takesAnything(schema: $ZodType): boolean {
  const def = defOf(schema);
  return def.coerce === true || def.type === "catch" || (def.type === "pipe" && defOf(def.in!).type === "transform");
}

function widen({ zodSchema, jsonSchema }: { zodSchema: $ZodType; jsonSchema: Node }): void {
  const { checks = [], shape } = defOf(zodSchema);
  const found = checks.map(({ _zod }) => _zod.def);
  const drop = (...keys: (keyof Node)[]) => keys.forEach((key) => delete jsonSchema[key]);
  if (takesAnything(zodSchema)) drop(...(Object.keys(jsonSchema) as (keyof Node)[]));
  // zod's own expression says what its formats are; where it has none, no other validator agrees with it.
  drop("format");
  // Lengths and expressions hold for the text once it is trimmed, lowered …
  const rewritten = found.some(({ check }) => check === "overwrite");
  if (rewritten) drop("minLength", "maxLength");
  if (rewritten || found.some(({ pattern }) => /[ims]/.test(pattern?.flags ?? ""))) drop("pattern", "allOf");
  const caught = (key: string) => shape?.[key] !== undefined && defOf(shape[key]).type === "catch";
  if (jsonSchema.required) jsonSchema.required = jsonSchema.required.filter((key) => !caught(key));
}

/** Of zod 3 nothing tells a strict object from one that drops what it does not know: the tool itself does. */
function opened(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(opened);
  if (typeof node !== "object" || node === null) return node;
  const entries = Object.entries(node).filter(
    ([key, value]) => key !== "format" && !(key === "additionalProperties" && value === false),
  );
  return Object.fromEntries(entries.map(([key, value]) => [key, opened(value)]));
}
