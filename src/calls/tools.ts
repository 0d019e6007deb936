import type { BindToolsInput } from "@langchain/core/language_models/chat_models";
import { convertToOpenAITool } from "@langchain/core/utils/function_calling";
import { toJsonSchema } from "@langchain/core/utils/json_schema";
import { isZodSchemaV3, isZodSchemaV4 } from "@langchain/core/utils/types";
import { type $ZodType, type JSONSchema, toJSONSchema } from "zod/v4/core";
import type { AIMessage, AIMessageChunk, BaseMessage } from "@langchain/core/messages";
import { CopeError } from "../errors.js";
import type { JsonObject, ToolCall, ToolSpec } from "../state/message.js";
import { callsOf } from "./messages.js";
import type { BrokenCall } from "./types.js";

/** Tools in any of LangChain's forms, as plain JSON. */
export function toolSpecs(tools: readonly BindToolsInput[]): ToolSpec[] {
  return tools.map((tool) => {
    const { schema: own, accepts = inputSchema(own) } = tool as { schema?: unknown; accepts?: JsonObject };
    const { name, description, parameters } = functionOf(tool, accepts);
    const schema = JSON.parse(JSON.stringify(parameters ?? { type: "object", properties: {} })) as JsonObject;
    return { name, ...(description ? { description } : {}), schema, ...(accepts ? { accepts } : {}) };
  });
}

/** What all providers' classes take: OpenAI's form. */
export function bindable({ name, description, schema }: ToolSpec) {
  return {
    type: "function" as const,
    function: { name, ...(description === undefined ? {} : { description }), parameters: schema },
  };
}

interface Described {
  name: string;
  description?: string;
  parameters?: unknown;
}

/** @param accepts - what the tool takes: told where LangChain finds no words for it (a date, a prepared value) */
function functionOf(tool: BindToolsInput, accepts: JsonObject | undefined): Described {
  const given = tool as Record<string, any>;
  if (given["type"] === "function" && given["function"]) return given["function"] as Described;
  // Anthropic's form.
  if (given["input_schema"] && typeof given["name"] === "string")
    return { name: given["name"], description: given["description"], parameters: given["input_schema"] };
  const made = described(tool, accepts);
  if (made?.name) return made;
  const type = typeof given["type"] === "string" ? ` of the type "${given["type"]}"` : "";
  throw new CopeError(
    "OPTIONS_INVALID",
    `a tool${type} has no name and schema: a provider that runs tools itself cannot share them with other models.`,
    "give tools that run here, with a name, a description and a schema.",
  );
}

function described(tool: BindToolsInput, accepts: JsonObject | undefined): Described | undefined {
  try {
    return (convertToOpenAITool(tool as never) as { function?: Described }).function;
  } catch (error) {
    if (accepts === undefined) throw error;
    return { ...(tool as Described), parameters: accepts };
  }
}

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

/** What a reply wants called, and what of it cannot be. */
interface ReplyCalls {
  made: ToolCall[];
  broken: BrokenCall[];
}

/**
 * The calls of a model's reply, in its order, with its own ids. A call without any arguments is one with none (`""`), which LangChain takes for
 * invalid; a streamed one whose JSON does not end is broken, which LangChain completes as if that had been meant.
 */
export function replyCalls(answer: BaseMessage): ReplyCalls {
  const { invalid_tool_calls: invalid = [], additional_kwargs } = answer as AIMessage;
  const made: ToolCall[] = [];
  const broken: BrokenCall[] = [];
  const unended = new Map(unendedChunks(answer).map(({ id, args }) => [id ?? "", args ?? ""]));
  for (const call of callsOf(answer)) {
    const args = unended.get(call.id) ?? stray(answer, call);
    if (args === undefined) made.push(call);
    else broken.push({ name: call.name, args });
  }
  for (const { id, name, args } of invalid) {
    if (isNothing(args) && name) made.push({ id: id ?? "", name, args: {} });
    else broken.push({ name: name ?? "", args: args ?? "" });
  }
  const order = ((additional_kwargs?.["tool_calls"] ?? []) as { id?: string }[]).map(({ id }) => id);
  const place = ({ id }: ToolCall) => (order.includes(id) ? order.indexOf(id) : order.length);
  return { made: made.toSorted((a, b) => place(a) - place(b)), broken };
}

const isNothing = (args: string | undefined): boolean => /^\s*(?:null|\{\s*\})?\s*$/.test(args ?? "");

/** Arguments that are no object: a list, a number, or a text that is no JSON. */
function stray(answer: BaseMessage, { id, name }: ToolCall): string | undefined {
  const given: unknown = (answer as AIMessage).tool_calls?.find(
    (call) => (call.id ?? "") === id && call.name === name,
  )?.args;
  if (typeof given === "string") return isNothing(given) || (/^\s*\{/.test(given) && isJson(given)) ? undefined : given;
  const isPlain = given === undefined || given === null || (typeof given === "object" && !Array.isArray(given));
  return isPlain ? undefined : JSON.stringify(given);
}

/** Pieces of calls whose arguments, put together, are no whole JSON. */
function unendedChunks(answer: BaseMessage) {
  const { tool_call_chunks: chunks = [] } = answer as AIMessageChunk;
  return chunks.filter(({ args }) => !isNothing(args) && !isJson(args!));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
