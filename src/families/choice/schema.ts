import type { ErrorObject, ValidateFunction } from "ajv";
import type { Json } from "../../state/json.js";
import { newAjv } from "./ajv.js";
import { bounded, STOPPED } from "./bounded.js";
import { canonical, isObject, MAX_DEPTH, type JsonObject } from "./canonical.js";
import { coerce } from "./coerce.js";
import { fromDraft04 } from "./draft-04.js";
import { unmet } from "./unmet.js";

/** Largest schema, in characters of JSON. */
const MAX_SIZE = 64_000;
/** Longest time that making a checker of a schema, and one check, may take, ms. */
const LIMIT_MS = { compile: 2_000, check: 250 };
/** Checkers kept: an agent may have many tools. */
const MAX_KEPT = 256;
/** What can make a check long. Without it a check is as long as the value, and needs no clock, which a busy machine would fool. */
const SLOW = /"(?:pattern|patternProperties|propertyNames|format|uniqueItems|\$ref|\$dynamicRef|\$recursiveRef)":/;

/** A schema made ready to check values. */
export interface SchemaChecker {
  /** What its values begin with. */
  open: readonly ("{" | "[")[];
  /** The value in one spelling, once numbers written as text are numbers where only those are allowed; `undefined` where it does not meet the schema. */
  check(value: unknown): Json | undefined;
  /** What is wrong with a value that is refused; nothing where finding out takes too long. */
  errors(value: unknown): readonly ErrorObject[];
}

/** How a schema is used. */
interface CheckerOptions {
  /** Fields that are left out get the schema's defaults. @default false */
  defaults?: boolean;
}

const DRAFTS = {
  "json-schema.org/schema": "2020-12",
  "json-schema.org/draft/2020-12/schema": "2020-12",
  "json-schema.org/draft/2019-09/schema": "2019-09",
  "json-schema.org/draft-07/schema": "draft-07",
  "json-schema.org/draft-06/schema": "draft-07",
  "json-schema.org/draft-04/schema": "draft-04",
} as const;
type Draft = (typeof DRAFTS)[keyof typeof DRAFTS];

const kept = new Map<string, SchemaChecker | string>();

/**
 * Makes a schema ready, or says in a phrase why it cannot be used: invalid, of an unknown draft, met by nothing, referring to
 * what is not in it (nothing is ever fetched), too large, or too slow to check.
 */
export function schemaChecker(schema: JsonObject, { defaults = false }: CheckerOptions = {}): SchemaChecker | string {
  const json = jsonOf(schema);
  if (json === undefined || depthOf(json) > MAX_DEPTH) return `it nests deeper than ${MAX_DEPTH} levels`;
  if (json.length > MAX_SIZE) return `it is longer than ${MAX_SIZE} characters`;
  const key = defaults ? `defaults ${json}` : json;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const made = make(JSON.parse(json) as JsonObject, defaults);
  // On a busy machine the time may have been up through no fault of the schema's.
  if (typeof made === "object" && "late" in made) return made.late;
  if (kept.size >= MAX_KEPT) kept.delete(kept.keys().next().value!);
  kept.set(key, made);
  return made;
}

/** Undefined for what nests deeper than the stack. Plain JSON takes no longer than it is long. */
function jsonOf(schema: JsonObject): string | undefined {
  try {
    return JSON.stringify(schema);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** How deep brackets nest in JSON, without a walk that could go too deep itself. */
function depthOf(json: string): number {
  let [depth, deepest] = [0, 0];
  for (const bracket of json.replace(/"(?:[^"\\]|\\.)*"/g, "").match(/[[{}\]]/g) ?? []) {
    depth += bracket === "{" || bracket === "[" ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/** Why a schema cannot be used that was too slow this time. */
interface Late {
  late: string;
}

function make(source: JsonObject, defaults: boolean): SchemaChecker | string | Late {
  if (source["$async"] !== undefined) return "$async is no part of JSON Schema";
  const made = compile(source, defaults);
  if (typeof made === "string" || "late" in made) return made;
  const { validate, schema } = made;
  const kinds = kindsOf(schema);
  if (kinds.length === 0) return "its answers are neither objects nor lists: wrap the value in an object";
  const never = unmet(schema, kinds);
  if (never !== undefined) return `no answer can meet it: ${never}`;
  const validated = (value: unknown) => (validate(value) ? [] : [...(validate.errors ?? [])]);
  const mayBeSlow = SLOW.test(JSON.stringify(schema));
  const errorsOf = (value: unknown): ErrorObject[] | typeof STOPPED =>
    mayBeSlow ? bounded(() => validated(value), LIMIT_MS.check) : validated(value);
  // A schema that refers to itself without end never gets through any value.
  for (const value of [{}, []])
    if (errorsOf(value) === STOPPED) return { late: "checking a value against it does not end" };
  return {
    open: kinds.map((kind) => (kind === "object" ? "{" : "[")),
    errors(value) {
      const errors = errorsOf(structuredClone(value));
      return errors === STOPPED ? [] : errors;
    },
    check(given) {
      // Defaults are written into the value itself.
      const value = defaults ? structuredClone(given) : given;
      const errors = errorsOf(value);
      if (errors === STOPPED) return;
      if (errors.length === 0) return canonical(value, schema);
      const coerced = coerce(value, errors);
      const left = coerced === undefined ? undefined : errorsOf(coerced);
      return left !== STOPPED && left?.length === 0 ? canonical(coerced, schema) : undefined;
    },
  };
}

/** A schema as its validator takes it. */
interface Compiled {
  validate: ValidateFunction;
  schema: JsonObject;
}

/** By the draft that the schema names; one that names none is of the newest that takes it. */
function compile(schema: JsonObject, useDefaults: boolean): Compiled | string | Late {
  const named = schema["$schema"];
  if (named === undefined) {
    const first = compileAs("2020-12", schema, useDefaults);
    if (typeof first !== "string") return first;
    const older = (["draft-07", "draft-04"] as const).map((draft) => compileAs(draft, schema, useDefaults));
    return older.find((made) => typeof made !== "string") ?? first;
  }
  const draft = (DRAFTS as Readonly<Record<string, Draft>>)[String(named).replace(/^https?:\/\/|#$/g, "")];
  if (draft === undefined)
    return `its draft ${JSON.stringify(named)} is not known: use 2020-12, 2019-09, draft-07, draft-06 or draft-04`;
  return compileAs(draft, schema, useDefaults);
}

function compileAs(draft: Draft, given: JsonObject, useDefaults: boolean): Compiled | string | Late {
  const schema = draft === "draft-04" ? (fromDraft04(given) as JsonObject) : given;
  try {
    // Loading ajv and its own schemas is no fault of this one, and takes long on a busy machine.
    const ajv = newAjv(draft === "draft-04" ? "draft-07" : draft, useDefaults);
    ajv.compile({});
    const validate = bounded(() => ajv.compile(schema), LIMIT_MS.compile);
    return validate === STOPPED
      ? { late: `making it ready takes longer than ${LIMIT_MS.compile} ms` }
      : { validate, schema };
  } catch (error) {
    const { message, missingRef } = error as Error & { missingRef?: string };
    return missingRef === undefined
      ? message.replaceAll(/\s+/g, " ").slice(0, 300)
      : `it refers to ${JSON.stringify(missingRef)}, which is not in it, and nothing is fetched`;
  }
}

type Kind = "object" | "array";

/** Which of the two its values can be. Values of other kinds cannot be told from the prose around them. */
function kindsOf({ type, enum: values, properties, required, items }: JsonObject): Kind[] {
  const types = typeof type === "string" ? [type] : type;
  if (Array.isArray(types)) return (["object", "array"] as const).filter((kind) => types.includes(kind));
  if (Array.isArray(values))
    return [
      ...(values.some(isObject) ? ["object" as const] : []),
      ...(values.some(Array.isArray) ? ["array" as const] : []),
    ];
  if (properties !== undefined || required !== undefined) return ["object"];
  return items === undefined ? ["object", "array"] : ["array"];
}
