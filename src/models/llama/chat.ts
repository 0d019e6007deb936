import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import type { BaseLanguageModelInput } from "@langchain/core/language_models/base";
import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BindToolsInput,
} from "@langchain/core/language_models/chat_models";
import {
  assembleStructuredOutputPipeline,
  createContentParser,
  createFunctionCallingParser,
} from "@langchain/core/language_models/structured_output";
import { AIMessage, AIMessageChunk, HumanMessage, type BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import type { Runnable } from "@langchain/core/runnables";
import { toJsonSchema } from "@langchain/core/utils/json_schema";
import type { ChatLlamaFields } from "./chat-options.js";
import { parseFields, parseSampled } from "./chat-options.js";
import { embedText } from "./embed.js";
import type { EngineOptions } from "./engine-options.js";
import { disposeEngines, withEngine, type Engine } from "./engine.js";
import { requireChatModel } from "./gguf.js";
import { locate } from "./locate.js";
import { renderPrompt } from "./prompt.js";
import { reply, type Replied } from "./reply.js";
import { scoreText } from "./score-text.js";
import type { JsonSchema, ReplyOptions, ScoredText, ToolChoice, ToolSpec } from "./shapes.js";
import { buffered } from "./buffered.js";
import { toolSpecs } from "./tools.js";

export type { ChatLlamaFields } from "./chat-options.js";

/** What a single call may set otherwise. */
export interface ChatLlamaCallOptions extends BaseChatModelCallOptions {
  temperature?: number;
  topP?: number;
  maxTokens?: number;
  seed?: number;
  logprobs?: boolean;
  topLogprobs?: number;
  /** Holds the text to a grammar in llama.cpp's notation (GBNF). */
  grammar?: string;
  /** Holds the text to a JSON schema. */
  jsonSchema?: JsonSchema;
  tools?: BindToolsInput[];
  tool_choice?: ToolChoice;
}

/**
 * A chat model that runs in this process, by llama.cpp through node-llama-cpp. Weights are loaded at the first call,
 * shared by all instances with the same model and engine options, and freed when idle; calls at the same time are
 * decoded together, and a beginning that they share is evaluated once.
 *
 * @throws CopeError `OPTIONS_INVALID`, and what `locate` throws, at construction; at a call `ENGINE_MISSING`,
 *   `MODEL_FILE_INVALID`, `CONTEXT_OVERFLOW`, `OPTIONS_INVALID`, `ABILITY_MISSING` (tools, where the model's template has
 *   no place for them), `RATE_LIMITED` (its queue is full), or the signal's reason.
 * @example
 * const model = new ChatLlama({ model: "qwen2.5-coder-0.5b-instruct", temperature: 0.4 });
 * const { text, usage_metadata } = await model.invoke("What is 17 * 3?", { seed: 7 });
 */
export class ChatLlama extends BaseChatModel<ChatLlamaCallOptions> {
  static override lc_name(): string {
    return "ChatLlama";
  }

  /** The name or path it was made from. */
  readonly model: string;
  readonly #path: string;
  readonly #fields: ChatLlamaFields;
  #calls = 0;

  constructor(fields: ChatLlamaFields) {
    super({});
    this.#fields = parseFields(fields);
    this.model = this.#fields.model;
    this.#path = locate(this.model);
    requireChatModel(this.#path);
  }

  /** Frees all embedded models of the process, not only this one. A process also ends without it. */
  static async dispose(): Promise<void> {
    await disposeEngines();
  }

  override _llmType(): string {
    return "llama";
  }

  /** Everything a reply depends on besides the messages. */
  override invocationParams(options?: this["ParsedCallOptions"]): ReplyOptions {
    return this.#replyOptions(options);
  }

  override _identifyingParams(): Record<string, unknown> {
    return { ...this.#fields };
  }

  override getLsParams(options: this["ParsedCallOptions"]) {
    const { temperature, maxTokens } = this.#replyOptions(options);
    return {
      ls_provider: "llama",
      ls_model_name: this.model,
      ls_model_type: "chat" as const,
      ls_temperature: temperature,
      ls_max_tokens: maxTokens,
    };
  }

  /** Tokens of a text by the model's own tokenizer, without any template. */
  override async getNumTokens(content: Parameters<BaseChatModel["getNumTokens"]>[0]): Promise<number> {
    const { text } = new HumanMessage({ content: content as string });
    return this.#with(async ({ model }) => model.tokenize(text).length);
  }

  /** Tokens of messages rendered with the file's template: what a call reports as `input_tokens`. */
  async countPromptTokens(messages: readonly BaseMessage[]): Promise<number> {
    return this.#with(async (engine) => renderPrompt(engine, messages).tokens.length);
  }

  /**
   * Goes on from the middle of an assistant's text, without reading again what an earlier call left in the cache.
   *
   * @param prefix - what the assistant has said so far; it may end anywhere, also inside a word.
   * @returns a message that holds only what follows.
   */
  async continue(
    messages: readonly BaseMessage[],
    prefix: string,
    options: Partial<this["ParsedCallOptions"]> = {},
  ): Promise<AIMessage> {
    const asked = { ...this.#replyOptions(options as this["ParsedCallOptions"]), keepGenerated: true };
    const all = [...messages, new AIMessage(prefix)];
    return toMessage(await this.#with((engine) => reply(engine, all, asked, options.signal)));
  }

  /**
   * Log-probabilities of a given text, in one pass and without drawing anything.
   *
   * @param options - `messages`: the conversation that the text answers; without it the text stands alone and its first
   *   token has nothing before it (`logprob: null`) unless the model begins every text with a token of its own.
   *   `topLogprobs`: alternatives told for each token.
   */
  async score(
    text: string,
    options: { messages?: readonly BaseMessage[]; topLogprobs?: number; signal?: AbortSignal } = {},
  ): Promise<ScoredText> {
    return this.#with((engine) => scoreText(engine, text, options));
  }

  /** A vector for a text, of unit length: the model's own mean hidden state. Texts alike in meaning have a large dot product. */
  async embed(text: string): Promise<number[]> {
    return this.#with((engine) => embedText(engine, text));
  }

  override bindTools(
    tools: BindToolsInput[],
    options: Partial<ChatLlamaCallOptions> = {},
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, ChatLlamaCallOptions> {
    return this.withConfig({ tools, ...options } as Partial<ChatLlamaCallOptions>) as never;
  }

  /**
   * @param schema - zod, another standard schema, or plain JSON schema.
   * @param config - `method`: `"jsonSchema"` (default) holds the whole text to the schema while it is written;
   *   `"functionCalling"` makes it the arguments of a call.
   */
  override withStructuredOutput(schema: any, config: any = {}): any {
    const { name = "extract", includeRaw, method = "jsonSchema" } = config;
    const jsonSchema = toJsonSchema(schema) as JsonSchema;
    if (method !== "functionCalling") {
      return assembleStructuredOutputPipeline(this.withConfig({ jsonSchema }), createContentParser(schema), includeRaw);
    }
    const tool = { type: "function" as const, function: { name, parameters: jsonSchema } };
    const bound = this.bindTools([tool], { tool_choice: name });
    return assembleStructuredOutputPipeline(bound, createFunctionCallingParser(schema, name), includeRaw);
  }

  override async _generate(messages: BaseMessage[], options: this["ParsedCallOptions"]): Promise<ChatResult> {
    const asked = this.#replyOptions(options);
    this.#calls += 1;
    options.signal?.throwIfAborted();
    const replied = await this.#with((engine) => reply(engine, messages, asked, options.signal));
    return { generations: [{ text: replied.text, message: toMessage(replied) }] };
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    run?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const asked = this.#replyOptions(options);
    this.#calls += 1;
    const pieces = buffered<string, Replied>(
      (onText, signal) => this.#with((engine) => reply(engine, messages, { ...asked, onText }, signal)),
      options.signal,
    );
    for (;;) {
      const { value, done } = await pieces.next();
      const text = done ? "" : value;
      const message = done ? lastChunk(value) : new AIMessageChunk({ content: value });
      const chunk = new ChatGenerationChunk({ text, message });
      yield chunk;
      await run?.handleLLMNewToken(text, undefined, undefined, undefined, undefined, { chunk });
      if (done) return;
    }
  }

  #with<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
    const { contextSize, sequences, deterministic, maxQueue, idleMs, threads, gpu } = this.#fields;
    const options: EngineOptions = { contextSize, sequences, deterministic, maxQueue, idleMs, threads, gpu };
    return withEngine(this.#path, options, work);
  }

  #replyOptions(options?: Partial<this["ParsedCallOptions"]>): ReplyOptions {
    const call = parseSampled(options ?? {});
    const own = this.#fields;
    const topLogprobs = call.topLogprobs ?? own.topLogprobs;
    const logprobs = call.logprobs ?? own.logprobs ?? topLogprobs !== undefined;
    const { grammar, jsonSchema, tools, tool_choice } = options ?? {};
    return {
      model: this.model,
      temperature: call.temperature ?? own.temperature ?? 0,
      topP: call.topP ?? own.topP ?? 0.95,
      maxTokens: call.maxTokens ?? own.maxTokens ?? 1024,
      stop: call.stop ?? own.stop,
      // Always given: the engine's own default is the time of day.
      seed: call.seed ?? own.seed ?? this.#calls,
      ...(logprobs ? { logprobs: { top: topLogprobs ?? 0 } } : {}),
      ...(grammar === undefined ? {} : { grammar }),
      ...(jsonSchema === undefined ? {} : { jsonSchema }),
      ...(tools?.length ? { tools: toolSpecs(tools) satisfies ToolSpec[], toolChoice: tool_choice ?? "auto" } : {}),
    };
  }
}

function toMessage(replied: Replied): AIMessage {
  const { text, tool_calls, usage_metadata, response_metadata } = replied;
  return new AIMessage({ content: text, tool_calls, usage_metadata, response_metadata });
}

/** What only the end of a stream can tell: calls, usage, why it ended. */
function lastChunk({ tool_calls, usage_metadata, response_metadata }: Replied): AIMessageChunk {
  const tool_call_chunks = tool_calls.map(({ id, name, args }, index) => ({
    id,
    name,
    index,
    args: JSON.stringify(args),
    type: "tool_call_chunk" as const,
  }));
  return new AIMessageChunk({ content: "", tool_call_chunks, usage_metadata, response_metadata });
}
