import { BaseChatModel, type BaseChatModelCallOptions } from "@langchain/core/language_models/chat_models";
import { AIMessage, HumanMessage, type BaseMessage } from "@langchain/core/messages";
import type { ChatResult } from "@langchain/core/outputs";
import { z } from "zod";
import { parseOptions } from "../../options-error.js";
import type { Sampling } from "../types.js";
import { disposeEngines, openEngine, type Engine } from "./engine.js";
import { generate } from "./generate.js";
import { locate } from "./locate.js";
import { renderPrompt } from "./prompt.js";

const SamplingOptions = z.object({
  /** 0 is greedy. @default 0 */
  temperature: z.number().min(0).optional(),
  /** Share of probability mass that is drawn from, in (0, 1]. @default 0.95, as in llama.cpp */
  topP: z.number().gt(0).max(1).optional(),
  /** Upper bound of generated tokens. @default 1024 */
  maxTokens: z.number().int().min(1).optional(),
  /** Strings that end the text; they are no part of it. */
  stop: z.array(z.string()).optional(),
  /** Integer in 0 … 2^31-1; the same text, model, engine and company give the same answer. @default the number of earlier calls */
  seed: z.number().int().min(0).max(0x7fffffff).optional(),
});

const ChatLlamaFields = SamplingOptions.extend({
  /** Catalog name, or the path of a GGUF file. */
  model: z.string().min(1),
  contextSize: z.number().int().min(8).optional(),
  sequences: z.number().int().min(1).max(256).optional(),
  threads: z.number().int().min(1).optional(),
  gpu: z.union([z.enum(["auto", "cuda", "vulkan", "metal"]), z.literal(false)]).optional(),
});

/** What a `ChatLlama` is made from. See `EngineOptions` for the last four. */
export type ChatLlamaFields = z.input<typeof ChatLlamaFields>;

/** What a single call may set otherwise. */
export interface ChatLlamaCallOptions extends BaseChatModelCallOptions {
  temperature?: number;
  topP?: number;
  maxTokens?: number;
  seed?: number;
}

/**
 * A chat model that runs in this process, by llama.cpp through node-llama-cpp. Weights are loaded at the first call and
 * shared by all instances with the same model and engine options; calls at the same time are decoded together.
 *
 * @throws CopeError `OPTIONS_INVALID`, and what `locate` throws, at construction; at a call `ENGINE_MISSING`,
 *   `MODEL_FILE_INVALID`, `CONTEXT_OVERFLOW`, `OPTIONS_INVALID`, or the signal's reason.
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
    this.#fields = parse(ChatLlamaFields, fields);
    this.model = this.#fields.model;
    this.#path = locate(this.model);
  }

  /** Frees all embedded models of the process, not only this one. A process also ends without it. */
  static async dispose(): Promise<void> {
    await disposeEngines();
  }

  override _llmType(): string {
    return "llama";
  }

  /** Everything a reply depends on besides the messages. */
  override invocationParams(options?: this["ParsedCallOptions"]): Sampling & { model: string } {
    return { model: this.model, ...this.#sampling(options) };
  }

  override _identifyingParams(): Record<string, unknown> {
    return { ...this.#fields };
  }

  /** Tokens of a text by the model's own tokenizer, without any template. */
  override async getNumTokens(content: Parameters<BaseChatModel["getNumTokens"]>[0]): Promise<number> {
    const { model } = await this.#engine();
    return model.tokenize(new HumanMessage({ content: content as string }).text).length;
  }

  /** Tokens of messages rendered with the file's template: what a call reports as `input_tokens`. */
  async countPromptTokens(messages: readonly BaseMessage[]): Promise<number> {
    return renderPrompt(await this.#engine(), messages).tokens.length;
  }

  override async _generate(messages: BaseMessage[], options: this["ParsedCallOptions"]): Promise<ChatResult> {
    const sampling = this.#sampling(options);
    this.#calls += 1;
    options.signal?.throwIfAborted();
    const engine = await this.#engine();
    const prompt = renderPrompt(engine, messages);
    const stop = [...(sampling.stop ?? []), ...prompt.stop];
    const reply = await generate(engine, prompt.tokens, { ...sampling, stop }, options.signal);
    const input = prompt.tokens.length;
    const message = new AIMessage({
      content: reply.text,
      usage_metadata: {
        input_tokens: input,
        output_tokens: reply.outputTokens,
        total_tokens: input + reply.outputTokens,
      },
      response_metadata: { finish_reason: reply.finish, model_name: this.model },
    });
    return { generations: [{ text: reply.text, message }] };
  }

  #engine(): Promise<Engine> {
    const { contextSize, sequences, threads, gpu } = this.#fields;
    return openEngine(this.#path, { contextSize, sequences, threads, gpu });
  }

  #sampling(options?: this["ParsedCallOptions"]): Sampling {
    const { temperature, topP, maxTokens, stop, seed } = parse(SamplingOptions, options ?? {});
    const own = this.#fields;
    return {
      temperature: temperature ?? own.temperature ?? 0,
      topP: topP ?? own.topP ?? 0.95,
      maxTokens: maxTokens ?? own.maxTokens ?? 1024,
      stop: stop ?? own.stop,
      // Always given: the engine's own default is the time of day.
      seed: seed ?? own.seed ?? this.#calls,
    };
  }
}

function parse<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  return parseOptions(schema, value, "ChatLlama", { remedy: "see ChatLlamaFields for what is allowed." });
}
