import type { AIMessage } from "@langchain/core/messages";
import { OutputParserException } from "@langchain/core/output_parsers";
import { RunnableLambda } from "@langchain/core/runnables";
import { toJsonSchema } from "@langchain/core/utils/json_schema";
import { interopSafeParseAsync, isInteropZodSchema } from "@langchain/core/utils/types";
import { isSerializableSchema } from "@langchain/core/utils/standard_schema";
import { z } from "zod";
import { CopeError } from "../errors.js";
import type { Judge } from "../families/choice/judged.js";
import type { JsonObject } from "../state/tool.js";

/** A schema of `withStructuredOutput`, as models are shown it and as values are held against it. */
export interface Shape {
  /** What a model is to write: the input of zod's defaults, transforms and coercions. */
  json: JsonObject;
  /** The schema itself, where it is more than JSON schema. It has the last word: refinements have no other form. */
  judge?: Judge;
}

/**
 * Reads a schema in any of LangChain's forms.
 *
 * @throws CopeError OPTIONS_INVALID where it has no form in JSON
 */
export function shapeOf(schema: any): Shape {
  const json = jsonOf(schema);
  if (isInteropZodSchema(schema)) {
    return {
      json,
      async judge(value) {
        const parsed = await interopSafeParseAsync(schema, value);
        return parsed.success ? { value: parsed.data } : undefined;
      },
    };
  }
  if (!isSerializableSchema(schema)) return { json };
  return {
    json,
    async judge(value) {
      const parsed = await schema["~standard"].validate(value);
      return parsed.issues ? undefined : { value: parsed.value };
    },
  };
}

function jsonOf(schema: any): JsonObject {
  try {
    // LangChain's own conversion tells of the output, and does not end where a schema holds itself.
    const isZod4 = isInteropZodSchema(schema) && "_zod" in schema;
    const json = isZod4
      ? z.toJSONSchema(schema as z.ZodType, { io: "input", unrepresentable: "any", override: asInput })
      : toJsonSchema(schema);
    return JSON.parse(JSON.stringify(json)) as JsonObject;
  } catch (cause) {
    throw new CopeError(
      "OPTIONS_INVALID",
      `withStructuredOutput: the schema has no form in JSON: ${(cause as Error).message}.`,
      "describe what the model is to write, and transform it from there.",
      { cause },
    );
  }
}

/** No JSON is one of these, unless zod makes it one. */
const NO_JSON = new Set(["bigint", "date", "function", "map", "nan", "promise", "set", "symbol"]);
const COERCED: Readonly<Record<string, JsonObject>> = {
  bigint: { type: "integer" },
  date: { type: "string", format: "date-time" },
};

function asInput({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: object }): void {
  const { type, coerce, catchall } = zodSchema._zod.def as { type: string; coerce?: boolean; catchall?: unknown };
  // Keys that zod would take off are not asked for.
  if (type === "object" && catchall === undefined) Object.assign(jsonSchema, { additionalProperties: false });
  if (NO_JSON.has(type)) Object.assign(jsonSchema, coerce ? COERCED[type] : { not: {} });
}

/** What turns the cascade's answer into the value that is wanted. */
export function parserOf({ judge }: Shape): RunnableLambda<AIMessage, any> {
  return new RunnableLambda({
    func: async ({ text }: AIMessage) => {
      const value = fromText(text);
      const judged = judge ? await judge(value) : { value };
      if (judged) return judged.value;
      throw new OutputParserException("the answer cannot be parsed: it does not meet the schema", text);
    },
  });
}

function fromText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new OutputParserException(`the answer cannot be parsed, it is no JSON: ${text.slice(0, 500)}`, text);
  }
}
