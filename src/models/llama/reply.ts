import { randomUUID } from "node:crypto";
import type { BaseMessage, UsageMetadata } from "@langchain/core/messages";
import type { ToolCall } from "@langchain/core/messages/tool";
import { CopeError } from "../../errors.js";
import { callFormat, forcedOpening } from "./call-format.js";
import type { Engine } from "./engine.js";
import { generate, type Constraint } from "./generate.js";
import { grammarConstraint, jsonConstraint } from "./grammar.js";
import { renderPrompt } from "./prompt.js";
import { readCalls } from "./read-calls.js";
import type { ReplyOptions, ToolChoice, ToolSpec } from "./shapes.js";
import { TextHold } from "./text-hold.js";
import { templateTokens, toolConstraint } from "./tools.js";
import { VisibleText } from "./visible-text.js";

/** One answered message, in the fields of LangChain's. */
export interface Replied {
  text: string;
  /** What the model wrote for itself. */
  thinking?: string;
  tool_calls: ToolCall[];
  usage_metadata: UsageMetadata;
  response_metadata: Record<string, unknown>;
}

/** Answers messages: prompt, constraint, text, calls. @throws what `renderPrompt`, `generate` and the grammars throw */
export async function reply(
  engine: Engine,
  messages: readonly BaseMessage[],
  { tools: offered = [], toolChoice = "auto", ...options }: ReplyOptions,
  signal?: AbortSignal,
): Promise<Replied> {
  const tools = toolsFor(offered, toolChoice);
  const format = tools.length > 0 ? callFormat(engine, options.model) : undefined;
  const forced = format && toolChoice !== "auto" ? forcedOpening(format) : "";
  const prompt = renderPrompt(engine, messages, { tools, opens: forced === "" });
  const input = forced === "" ? prompt.tokens : [...prompt.tokens, ...templateTokens(engine, forced)];
  const constraint = await constraintOf(
    engine,
    options,
    format && (() => toolConstraint(engine, tools, format, forced !== "")),
  );
  const hold = new TextHold(format ? forcedOpening(format).trim() : "", options.onText);
  const visible = new VisibleText((piece) => hold.push(piece), {
    begun: forced === "" && prompt.begun,
    // One that does not think is stopped by the engine, inside of tokens.
    stop: prompt.thinks ? options.stop : undefined,
  });
  const made = await generate(
    engine,
    input,
    {
      ...options,
      stop: [...((!prompt.thinks && options.stop) || []), ...prompt.stop],
      ...(prompt.thinks ? { constraint: visible.constrained(constraint) } : constraint ? { constraint } : {}),
      onText: (piece) => visible.push(piece),
    },
    signal,
  );
  const { text, thinking } = visible.end(made.finish === "length");
  const names = tools.map(({ name }) => name);
  // What was only thought of is not called.
  const { content, calls } = format ? readCalls(forced + text, format, names) : { content: text, calls: [] };
  hold.end(calls.length === 0);
  const output = made.outputTokens;
  return {
    text: content,
    ...(thinking === undefined ? {} : { thinking }),
    tool_calls: calls.map((call) => ({ ...call, id: `call_${randomUUID().replaceAll("-", "").slice(0, 24)}` })),
    usage_metadata: { input_tokens: input.length, output_tokens: output, total_tokens: input.length + output },
    response_metadata: {
      finish_reason: calls.length > 0 ? "tool_calls" : made.finish,
      model_name: options.model,
      model_provider: "llama",
      ...(made.logprobs ? { logprobs: { content: made.logprobs } } : {}),
    },
  };
}

function toolsFor(tools: ToolSpec[], choice: ToolChoice): ToolSpec[] {
  if (choice === "none") return [];
  if (choice === "auto" || choice === "any" || choice === "required") return tools;
  const named = tools.filter(({ name }) => name === choice);
  if (named.length > 0) return named;
  const known = tools.map(({ name }) => name).join(", ");
  throw new CopeError(
    "OPTIONS_INVALID",
    `tool_choice is "${choice}", and the tools are ${known}.`,
    "name one of them.",
  );
}

async function constraintOf(
  engine: Engine,
  { grammar, jsonSchema }: ReplyOptions,
  ofTools: (() => Promise<Constraint>) | undefined,
): Promise<Constraint | undefined> {
  if ([grammar, jsonSchema, ofTools].filter((given) => given !== undefined).length > 1) {
    throw new CopeError("OPTIONS_INVALID", "grammar, jsonSchema and tools exclude each other.", "give one of them.");
  }
  if (grammar !== undefined) return grammarConstraint(engine, grammar);
  if (jsonSchema !== undefined) return jsonConstraint(engine, jsonSchema);
  return ofTools?.();
}
