import { toJsonSchema } from "@langchain/core/utils/json_schema";
import { isInteropZodSchema } from "@langchain/core/utils/types";
import { isSerializableSchema } from "@langchain/core/utils/standard_schema";
import { toolStrategy, type ProviderStrategy, type ToolStrategy } from "langchain";

type Schema = Record<string, unknown>;

/**
 * An agent's `responseFormat` as tools that end the run, whatever form it has: what is structured is then an action like any
 * other, compared and validated. Names are the same in every process, since LangChain's own count up.
 */
export function structuredAsTools(format: unknown): ToolStrategy[] {
  const given = Array.isArray(format) ? (format as unknown[]) : [format];
  return given.flatMap((one, i) => {
    const { schema, options } = partsOf(one);
    const title = typeof schema["title"] === "string" ? schema["title"] : given.length > 1 ? `${NAME}_${i + 1}` : NAME;
    // As a list: a schema without properties passes only there.
    return toolStrategy([{ ...schema, title }] as never, options as never) as unknown as ToolStrategy[];
  });
}

const NAME = "final_answer";

function partsOf(one: unknown): { schema: Schema; options?: unknown } {
  const strategy = one as Partial<ToolStrategy & ProviderStrategy>;
  if (isInteropZodSchema(one as never) || isSerializableSchema(one as never))
    return { schema: toJsonSchema(one as never) as Schema };
  if (strategy.schema !== undefined && typeof (strategy as { parse?: unknown }).parse === "function")
    return { schema: toJsonSchema(strategy.schema as never) as Schema, options: (strategy as ToolStrategy).options };
  return { schema: toJsonSchema(one as never) as Schema };
}
