import { AIMessage } from "@langchain/core/messages";
import { toJsonSchema } from "@langchain/core/utils/json_schema";
import { isInteropZodSchema } from "@langchain/core/utils/types";
import { isSerializableSchema } from "@langchain/core/utils/standard_schema";
import { providerStrategy, toolStrategy, type ProviderStrategy, type ToolStrategy } from "langchain";
import { inputSchema } from "../models/input-schema.js";
import { toolSpecs } from "../models/tool-specs.js";
import type { JsonObject, ToolSpec } from "../state/tool.js";

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
