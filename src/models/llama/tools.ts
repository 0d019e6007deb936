import { convertToOpenAITool } from "@langchain/core/utils/function_calling";
import type { BindToolsInput } from "@langchain/core/language_models/chat_models";
import type { ChatModelFunctions, LlamaGrammar, LlamaGrammarEvaluationState, Token } from "node-llama-cpp";
import { envelope, type CallFormat } from "./call-format.js";
import type { Engine } from "./engine.js";
import type { Constraint } from "./generate.js";
import { grammarState, jsonGrammar } from "./grammar.js";
import { mapSchema } from "./map-schema.js";
import { jsonObject } from "./read-calls.js";
import type { JsonSchema, ToolSpec } from "./shapes.js";

/** Tools in any of LangChain's forms → plain descriptions. */
export function toolSpecs(tools: readonly BindToolsInput[]): ToolSpec[] {
  return tools.map((tool) => {
    const spec = "function" in tool && "type" in tool ? (tool as any) : convertToOpenAITool(tool as any);
    const { name, description, parameters } = spec.function;
    return { name, ...(description ? { description } : {}), parameters: parameters ?? EMPTY };
  });
}

const EMPTY: JsonSchema = { type: "object", properties: {} };

/** What the template engine needs to describe the tools. */
export function templateFunctions(tools: readonly ToolSpec[]): ChatModelFunctions {
  return Object.fromEntries(
    tools.map(({ name, description, parameters }) => [name, { description, params: shown(parameters) as never }]),
  );
}

/** A schema without what small models repeat or stumble over: they are held to it anyway. A date's pattern alone takes 150 tokens. */
const shown = (schema: JsonSchema) =>
  mapSchema(schema, ({ $schema: _schema, additionalProperties: more, pattern, ...rest }) => ({
    ...rest,
    ...(typeof more === "object" ? { additionalProperties: more } : {}),
    ...(pattern === undefined || "format" in rest ? {} : { pattern }),
  }));

/**
 * Holds each call to the tools there are, and its arguments to the tool's schema. Between calls the model writes what it
 * likes; a format whose calls are not JSON objects is left free, and read with care. An answer that begins as a call
 * without its mark, as small coder models write them, is that one call: what they write behind it is noise.
 *
 * @param begun - whether the answer begins inside a call.
 */
export async function toolConstraint(
  engine: Engine,
  tools: readonly ToolSpec[],
  format: CallFormat,
  begun: boolean,
): Promise<Constraint> {
  const { before, isJson } = envelope(format);
  if (!isJson) return { state: () => undefined, see: () => false };
  const call = ({ name, parameters }: ToolSpec) => ({
    type: "object",
    properties: { name: { const: name }, arguments: parameters },
  });
  const grammar = await jsonGrammar(engine, tools.length === 1 ? call(tools[0]!) : { oneOf: tools.map(call) });
  const bare = await afterName(engine, grammar);
  let state: LlamaGrammarEvaluationState | undefined = begun ? await grammarState(engine, grammar) : undefined;
  let next = await grammarState(engine, grammar);
  let from = 0;
  let isWhole = begun;
  return {
    state: () => state,
    see(text) {
      if (state) {
        const object = jsonObject(text, from);
        if (object === undefined) return false;
        state = undefined;
        from += object.length;
        return isWhole;
      }
      if (bare && BARE.test(text)) {
        from = text.lastIndexOf("{");
        state = bare;
        isWhole = true;
        return false;
      }
      const at = text.indexOf(before, from);
      // Only where a token ended just there; else the call is already under way.
      if (at < 0 || at + before.length !== text.length) return false;
      from = text.length;
      state = next;
      next = next.clone();
      return false;
    },
  };
}

/** A call without its mark, up to the tool's name: alone, in a block of code, or with doubled braces. */
const BARE = /^\s*(?:```(?:json)?\s*)?\{\s*(?:\{\s*)?"name":$/;

/** A grammar of calls, for what follows `"name":`. undefined: the engine writes its grammars in another way. */
async function afterName(engine: Engine, { grammar }: LlamaGrammar): Promise<LlamaGrammarEvaluationState | undefined> {
  // Depth 1: an argument may be called name, too.
  const rest = grammar.replaceAll(/"\{" whitespace-b-1-\S+ "\\"name\\"" ":" /g, "");
  return rest === grammar ? undefined : grammarState(engine, await engine.llama.createGrammar({ grammar: rest }));
}

/** Tokens of template text, in which control tokens are control tokens. */
export function templateTokens({ model }: Pick<Engine, "model">, text: string): Token[] {
  return model.tokenize(text, true);
}
