import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import type { BaseLanguageModelInput } from "@langchain/core/language_models/base";
import { BaseChatModel, type BindToolsInput } from "@langchain/core/language_models/chat_models";
import {
  assembleStructuredOutputPipeline,
  createContentParser,
  createFunctionCallingParser,
} from "@langchain/core/language_models/structured_output";
import { AIMessage, AIMessageChunk, HumanMessage, type BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import type { Runnable } from "@langchain/core/runnables";
import { toJsonSchema } from "@langchain/core/utils/json_schema";
import PQueue from "p-queue";
import type { Ability, AbilityName } from "../abilities.js";
import type { Thinks } from "../thinking/models.js";
import type { ModelIdentity } from "../types.js";
import { buffered } from "../buffered.js";
import { lastChunk, toMessage } from "./chat-messages.js";
import { parseFields, parseStandard, type ChatLlamaCallOptions, type ChatLlamaFields } from "./chat-options.js";
import type { OwnFields } from "./chat-options.js";
import { embedText } from "./embed.js";
import type { EngineOptions } from "./engine-options.js";
import { disposeEngines, withEngine, type Engine } from "./engine.js";
import { readGguf, requireChatModel } from "./gguf.js";
import { llamaIdentity } from "./identity.js";
import { locate } from "./locate.js";
import { renderPrompt } from "./prompt.js";
import { cacheKey, replyOptions } from "./reply-options.js";
import { reply, type Replied } from "./reply.js";
import { scoreText } from "./score-text.js";
import type { JsonSchema, ReplyOptions, ScoredText } from "./shapes.js";

export type { ChatLlamaCallOptions, ChatLlamaFields } from "./chat-options.js";

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
  /** Whether callbacks are told each piece of text also when it is invoked. */
  readonly streaming: boolean;
  readonly #path: string;
  readonly #fields: OwnFields;
  readonly #queue: PQueue | undefined;
  #calls = 0;

  constructor(fields: ChatLlamaFields) {
    const own = parseFields(fields);
    const { maxConcurrency, disableStreaming = own.streaming === false } = parseStandard(fields);
    // Nothing is retried: what fails in this process would fail again.
    super({ ...fields, maxRetries: 0 });
    this.#fields = own;
    this.disableStreaming = disableStreaming;
    this.streaming = own.streaming === true && !disableStreaming;
    this.#queue = maxConcurrency === undefined ? undefined : new PQueue({ concurrency: maxConcurrency });
    this.model = own.model;
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
    return replyOptions(this.#fields, options ?? {}, this.#calls);
  }

  override _identifyingParams(): Record<string, unknown> {
    return { ...this.#fields };
  }

  /** What LangChain's cache tells calls apart by, besides the messages. */
  override _getSerializedCacheKeyParametersForCall(options: this["ParsedCallOptions"]): string {
    return cacheKey(this.#path, this.#fields, options, options.outputVersion ?? this.outputVersion);
  }

  override getLsParams(options: this["ParsedCallOptions"]) {
    const { temperature, maxTokens, stop } = this.invocationParams(options);
    return {
      ls_provider: "llama",
      ls_model_name: this.model,
      ls_model_type: "chat" as const,
      ls_temperature: temperature,
      ls_max_tokens: maxTokens,
      ls_stop: stop,
    };
  }

  /**
   * What makes it the same model on any machine, digest of the weights included: by this tapes know it.
   *
   * @throws CopeError `ENGINE_MISSING`
   */
  async identity(): Promise<ModelIdentity> {
    return llamaIdentity(this.model, this.#path);
  }

  /** How it thinks before it answers, by its file's chat template; undefined where it does not. */
  get thinks(): Thinks | undefined {
    return readGguf(this.#path).thinks;
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
   * Goes on from the middle of an assistant's text, without reading again what an earlier call left in the cache (where
   * the model is `deterministic`, what it has generated is read again).
   *
   * @param prefix - what the assistant has said so far; it may end anywhere, also inside a word.
   * @returns a message that holds only what follows.
   */
  async continue(
    messages: readonly BaseMessage[],
    prefix: string,
    options: Partial<this["ParsedCallOptions"]> = {},
  ): Promise<AIMessage> {
    // What was drawn token by token and what is read as a prompt may differ in the last digits of their numbers.
    const keepGenerated = !this.#fields.deterministic;
    const asked = { ...this.invocationParams(options as this["ParsedCallOptions"]), keepGenerated };
    const all = [...messages, new AIMessage(prefix)];
    return toMessage(await this.#with((engine) => reply(engine, all, asked, options.signal), options.signal));
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
    return this.#with((engine) => scoreText(engine, text, options), options.signal);
  }

  /** Whether it can call tools: what its file's chat template says. Of other abilities it says nothing here. */
  async ability(name: AbilityName): Promise<Ability | undefined> {
    if (name !== "tools") return undefined;
    const has = await this.#with(async ({ template }) => template.usingJinjaFunctionCallTemplate);
    const why = has ? "its chat template has a format for them" : "its chat template has no place for them";
    return { has, from: "probed", why };
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

  override async _generate(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    run?: CallbackManagerForLLMRun,
  ): Promise<ChatResult> {
    if (this.streaming) return this.#joined(this._streamResponseChunks(messages, options, run));
    const asked = this.invocationParams(options);
    this.#calls += 1;
    options.signal?.throwIfAborted();
    const replied = await this.#with((engine) => reply(engine, messages, asked, options.signal), options.signal);
    return { generations: [{ text: replied.text, message: toMessage(replied) }] };
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    run?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const asked = this.invocationParams(options);
    this.#calls += 1;
    const pieces = buffered<string, Replied>(
      (onText, signal) => this.#with((engine) => reply(engine, messages, { ...asked, onText }, signal), signal),
      options.signal,
    );
    try {
      for (;;) {
        const { value, done } = await pieces.next();
        const text = done ? "" : value;
        const message = done ? lastChunk(value) : new AIMessageChunk({ content: value });
        const chunk = new ChatGenerationChunk({ text, message });
        yield chunk;
        await run?.handleLLMNewToken(text, undefined, undefined, undefined, undefined, { chunk });
        if (done) return;
      }
    } finally {
      // Where the reader left: without this, the text would be written to its end for nobody.
      await pieces.return(undefined as never);
    }
  }

  async #joined(chunks: AsyncGenerator<ChatGenerationChunk>): Promise<ChatResult> {
    let all: ChatGenerationChunk | undefined;
    for await (const chunk of chunks) all = all?.concat(chunk) ?? chunk;
    return { generations: [all!] };
  }

  #with<T>(work: (engine: Engine) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const { contextSize, sequences, deterministic, maxQueue, idleMs, threads, gpu } = this.#fields;
    const options: EngineOptions = { contextSize, sequences, deterministic, maxQueue, idleMs, threads, gpu };
    const run = () => withEngine(this.#path, options, work);
    return this.#queue ? this.#queue.add(run, { signal }) : run();
  }
}
