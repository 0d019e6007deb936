import { convertToOpenAITool } from "@langchain/core/utils/function_calling";
import type { BindToolsInput } from "@langchain/core/language_models/chat_models";
import type { ToolCall } from "@langchain/core/messages/tool";
import type { ChatModelFunctions, LlamaGrammarEvaluationState, Token } from "node-llama-cpp";
import { CopeError } from "../../errors.js";
import type { Engine } from "./engine.js";
import type { Constraint } from "./generate.js";
import { grammarState, jsonGrammar } from "./grammar.js";
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

/** How a model writes a call: what stands before, between and after name and arguments. */
interface CallFormat {
  opening: string;
  middle: string;
  closing: string;
}

/**
 * How the file's own chat template writes tool calls.
 *
 * @throws CopeError `ABILITY_MISSING` where it has no place for tools: a format of ours would be one that the model was
 *   never trained on.
 */
export function callFormat({ template }: Pick<Engine, "template">, model: string): CallFormat {
  if (!template.usingJinjaFunctionCallTemplate) {
    throw new CopeError(
      "ABILITY_MISSING",
      `the chat template of ${model} has no place for tools.`,
      "use a model that was trained to call tools (qwen2.5-coder-1.5b-instruct is one), or withStructuredOutput.",
    );
  }
  const { prefix, paramsPrefix, suffix } = template.settings.functions.call;
  return { opening: plainText(prefix), middle: plainText(paramsPrefix), closing: plainText(suffix) };
}

/** What the template engine needs to describe the tools. */
export function templateFunctions(tools: readonly ToolSpec[]): ChatModelFunctions {
  return Object.fromEntries(
    tools.map(({ name, description, parameters }) => [name, { description, params: parameters as never }]),
  );
}

/** What to put in front of the answer so that a call is what follows. */
export function forcedOpening(format: CallFormat): string {
  return envelope(format).before;
}

/**
 * Holds the arguments of each call to its tool's schema. Between calls the model writes what it likes; a format whose
 * calls are not JSON objects is left free, and read with care.
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
  let state: LlamaGrammarEvaluationState | undefined = begun ? await grammarState(engine, grammar) : undefined;
  let next = await grammarState(engine, grammar);
  let from = 0;
  return {
    state: () => state,
    see(text) {
      if (state) {
        const object = jsonObject(text, from);
        if (object === undefined) return false;
        state = undefined;
        from += object.length;
        // A forced call is the whole answer.
        return begun;
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

/** The calls in a text, and the text without them. What looks like a call and is none stays text. */
export function readCalls(
  text: string,
  format: CallFormat,
  names: readonly string[],
): { content: string; calls: Omit<ToolCall, "id">[] } {
  const calls: Omit<ToolCall, "id">[] = [];
  let content = "";
  let from = 0;
  const { before, isJson } = envelope(format);
  for (;;) {
    const at = text.indexOf(before.trim(), from);
    if (at < 0) break;
    const inside = at + before.trim().length;
    const call = isJson ? jsonCall(text, inside) : spelledCall(text, inside, format.middle);
    if (!call || !names.includes(call.name)) {
      content += text.slice(from, inside);
      from = inside;
      continue;
    }
    content += text.slice(from, at);
    calls.push({ name: call.name, args: call.args, type: "tool_call" });
    const closing = (isJson ? format.closing.replace(/^\s*}/, "") : format.closing).trim();
    const after = text.slice(call.end).trimStart();
    from = closing !== "" && after.startsWith(closing) ? text.length - after.length + closing.length : call.end;
  }
  content += text.slice(from);
  const bare = calls.length === 0 ? bareCall(text, names) : undefined;
  if (bare) return { content: "", calls: [bare] };
  return { content: calls.length > 0 ? content.trim() : content, calls };
}

/** Small coder models write a call as a block of code, and nothing else, in place of the marks they were shown. */
function bareCall(text: string, names: readonly string[]): Omit<ToolCall, "id"> | undefined {
  const inside = /^\s*```(?:json)?\s*([^]*?)\s*```\s*$/.exec(text)?.[1] ?? text.trim();
  const call = jsonCall(inside, 0);
  const whole = call !== undefined && call.end === inside.length && names.includes(call.name);
  return whole && typeof call.args === "object" ? { name: call.name, args: call.args, type: "tool_call" } : undefined;
}

/** Where calls are JSON objects (`{"name": …, "arguments": …}`), what stands before the object. */
function envelope({ opening }: CallFormat): { before: string; isJson: boolean } {
  const brace = opening.indexOf("{");
  return brace > 0 ? { before: opening.slice(0, brace), isJson: true } : { before: opening, isJson: false };
}

interface ReadCall {
  name: string;
  args: Record<string, unknown>;
  end: number;
}

function jsonCall(text: string, from: number): ReadCall | undefined {
  const object = jsonObject(text, from);
  const { name, arguments: args, parameters } = (object?.value ?? {}) as Record<string, unknown>;
  if (!object || typeof name !== "string") return undefined;
  return { name, args: (args ?? parameters ?? {}) as Record<string, unknown>, end: from + object.length };
}

function spelledCall(text: string, from: number, middle: string): ReadCall | undefined {
  const at = text.indexOf(middle, from);
  const object = at < 0 ? undefined : jsonObject(text, at + middle.length);
  if (!object) return undefined;
  return { name: text.slice(from, at).trim(), args: object.value, end: at + middle.length + object.length };
}

/** The JSON object that a text goes on with; undefined where it is none or not yet whole. */
function jsonObject(text: string, from: number): { value: Record<string, unknown>; length: number } | undefined {
  const start = text.slice(from).search(/\S/);
  if (start < 0 || text[from + start] !== "{") return undefined;
  for (let end = text.indexOf("}", from); end >= 0; end = text.indexOf("}", end + 1)) {
    try {
      return { value: JSON.parse(text.slice(from, end + 1)), length: end + 1 - from };
    } catch {
      // A brace inside the object.
    }
  }
  return undefined;
}

const plainText = (text: unknown): string =>
  typeof text === "string"
    ? text
    : Array.isArray(text)
      ? text.map(plainText).join("")
      : text !== null && typeof text === "object" && "values" in text
        ? plainText((text as { values: unknown }).values)
        : text !== null && typeof text === "object" && "value" in text
          ? plainText((text as { value: unknown }).value)
          : "";

/** Tokens of template text, in which control tokens are control tokens. */
export function templateTokens({ model }: Pick<Engine, "model">, text: string): Token[] {
  return model.tokenize(text, true);
}
