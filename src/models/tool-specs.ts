import type { BindToolsInput } from "@langchain/core/language_models/chat_models";
import { convertToOpenAITool } from "@langchain/core/utils/function_calling";
import { CopeError } from "../errors.js";
import type { JsonObject, ToolSpec } from "../state/tool.js";
import { inputSchema } from "./input-schema.js";

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
