import { AIMessage } from "@langchain/core/messages";
import { OutputParserException } from "@langchain/core/output_parsers";
import { RunnableLambda } from "@langchain/core/runnables";
import { toJsonSchema } from "@langchain/core/utils/json_schema";
import { interopSafeParseAsync, isInteropZodSchema } from "@langchain/core/utils/types";
import { isSerializableSchema } from "@langchain/core/utils/standard_schema";
import { z } from "zod";
import { providerStrategy, type ProviderStrategy, toolStrategy, type ToolStrategy } from "langchain";
import { CopeError } from "../errors.js";
import type { Judge } from "../families/choice/grade.js";
import type { JsonObject, ToolSpec } from "../state/message.js";
import { inputSchema, toolSpecs } from "../calls/tools.js";

/** A schema of `withStructuredOutput`, as models are shown it and as values are held against it. */
interface Shape {
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

/** An agent's `responseFormat`, as steps need it. */
export interface Structured {
  /** Tools that end the run. */
  endings: ToolSpec[];
  /** The format that LangChain reads the decided step by. */
  format: ToolStrategy[] | ProviderStrategy;
  /** The provider would have answered in the schema's form, without a call: the text of the message is what is read then. */
  isText: boolean;
}

/**
 * An agent's `responseFormat` as tools that end the run, whatever form it has: what is structured is then an action like any
 * other, compared and validated. Names are the same in every process, since LangChain's own count up.
 *
 * @param model - the agent's, which may answer in a schema's form by itself
 */
export function structured(format: unknown, model: unknown): Structured {
  const given = Array.isArray(format) ? (format as unknown[]) : [format];
  const parts = given.map((one, i) => {
    const { schema, own, options } = partsOf(one);
    const title = typeof schema["title"] === "string" ? schema["title"] : given.length > 1 ? `${NAME}_${i + 1}` : NAME;
    // As a list: a schema without properties passes only there.
    const [strategy] = toolStrategy([{ ...schema, title }] as never, options as never) as unknown as ToolStrategy[];
    const accepts = inputSchema(own);
    const [spec] = toolSpecs([{ ...strategy!.tool, ...(accepts ? { accepts } : {}) } as never]);
    return { strategy: strategy!, ending: spec!, schema };
  });
  const isText = parts.length === 1 && answersInForm(given[0], model);
  return {
    endings: parts.map(({ ending }) => ending),
    format: isText ? providerStrategy(parts[0]!.schema as never) : parts.map(({ strategy }) => strategy),
    isText,
  };
}

/** A decided end of the run as the provider would have said it. */
export const asText = (message: AIMessage): AIMessage =>
  new AIMessage({ ...message, content: JSON.stringify(message.tool_calls![0]!.args), tool_calls: [] });

const NAME = "final_answer";

/** As LangChain decides it: where it is said, and for schemas where the model is known to. */
function answersInForm(format: unknown, model: unknown): boolean {
  if (isStrategy(format)) return "strict" in format;
  return (model as { profile?: { structuredOutput?: boolean } } | undefined)?.profile?.structuredOutput === true;
}

type Strategy = ToolStrategy | ProviderStrategy;

const isStrategy = (one: unknown): one is Strategy =>
  typeof (one as { parse?: unknown }).parse === "function" &&
  !isInteropZodSchema(one as never) &&
  "schema" in (one as object);

/** @returns `own`: what may know more of what is taken than the schema says */
function partsOf(one: unknown): { schema: JsonObject; own: unknown; options?: unknown } {
  if (isInteropZodSchema(one as never) || isSerializableSchema(one as never) || !isStrategy(one))
    return { schema: toJsonSchema(one as never) as JsonObject, own: one };
  const schema = toJsonSchema(one.schema as never) as JsonObject;
  return { schema, own: one.schema, options: "options" in one ? one.options : undefined };
}
