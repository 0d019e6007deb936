import { statSync } from "node:fs";
import type {
  BaseChatModelCallOptions,
  BaseChatModelParams,
  BindToolsInput,
} from "@langchain/core/language_models/chat_models";
import { z } from "zod";
import { parseOptions } from "../options-error.js";
import type { JsonSchema, ReplyOptions, ToolChoice, ToolSpec } from "./engine/shapes.js";
import { toolSpecs } from "./engine/tools.js";

const Sampled = z.object({
  /** 0 is greedy. @default 0 */
  temperature: z.number().min(0).optional(),
  /** Share of probability mass that is drawn from, in (0, 1]. @default 0.95, as in llama.cpp */
  topP: z.number().gt(0).max(1).optional(),
  /** Upper bound of generated tokens. @default 1024 */
  maxTokens: z.number().int().min(1).optional(),
  /** Strings that end the text; they are no part of it. */
  stop: z.array(z.string()).optional(),
  /** Integer in 0 … 2^31-1; the same text, model, engine, company and threads give the same answer. @default the number of earlier calls */
  seed: z.number().int().min(0).max(0x7fffffff).optional(),
  /** Report the log-probability of each token, in `response_metadata.logprobs.content` as OpenAI does. @default false */
  logprobs: z.boolean().optional(),
  /** Alternatives reported for each token, 0 … 20; implies `logprobs`. @default 0 */
  topLogprobs: z.number().int().min(0).max(20).optional(),
});

const Fields = Sampled.extend({
  /** Catalog name, or the path of a GGUF file. */
  model: z.string().min(1),
  /** Tell each piece of text to callbacks also when invoked. `false` is `disableStreaming`. @default false */
  streaming: z.boolean().optional(),
  contextSize: z.number().int().min(8).optional(),
  sequences: z.number().int().min(1).max(256).optional(),
  deterministic: z.boolean().optional(),
  maxQueue: z.number().int().min(0).optional(),
  idleMs: z.union([z.number().positive().max(0x7fffffff), z.literal(false)]).optional(),
  threads: z.number().int().min(1).optional(),
  gpu: z.union([z.enum(["auto", "cuda", "vulkan", "metal"]), z.literal(false)]).optional(),
});

/** Of LangChain's options those that change how we run; the others are its own to read. */
const Standard = z.object({
  maxConcurrency: z.number().min(1).optional(),
  disableStreaming: z.boolean().optional(),
});

/**
 * What a `ChatLlama` is made from: how it samples, how it is loaded and run (see `EngineOptions`), and what every chat
 * model of LangChain takes (`cache`, `callbacks`, `tags`, `metadata`, `verbose`, `maxConcurrency`, …). `maxRetries` is
 * heeded by nobody: what fails in this process would fail again.
 */
export interface ChatLlamaFields extends BaseChatModelParams, z.input<typeof Fields> {}

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

/** The fields that are ours. */
export type OwnFields = z.output<typeof Fields>;

/** @throws CopeError `OPTIONS_INVALID` */
export const parseFields = (fields: unknown): OwnFields => parse(Fields, fields);

/** @throws CopeError `OPTIONS_INVALID` */
export const parseStandard = (fields: unknown): z.output<typeof Standard> => parse(Standard, fields);

/** @throws CopeError `OPTIONS_INVALID` */
const parseSampled = (options: unknown): z.output<typeof Sampled> => parse(Sampled, options);

function parse<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  return parseOptions(schema, value, "ChatLlama", { remedy: "see ChatLlamaFields for what is allowed." });
}

/**
 * Everything a reply depends on besides the messages: what the call sets, else what the model was made with.
 *
 * @param seed - where neither gives one; the engine's own default is the time of day.
 * @throws CopeError `OPTIONS_INVALID`
 */
export function replyOptions(own: OwnFields, options: Partial<ChatLlamaCallOptions>, seed: number): ReplyOptions {
  const call = parseSampled(options);
  const topLogprobs = call.topLogprobs ?? own.topLogprobs;
  const logprobs = call.logprobs ?? own.logprobs ?? topLogprobs !== undefined;
  const { grammar, jsonSchema, tools, tool_choice } = options;
  return {
    model: own.model,
    temperature: call.temperature ?? own.temperature ?? 0,
    topP: call.topP ?? own.topP ?? 0.95,
    maxTokens: call.maxTokens ?? own.maxTokens ?? 1024,
    stop: call.stop ?? own.stop,
    seed: call.seed ?? own.seed ?? seed,
    ...(logprobs ? { logprobs: { top: topLogprobs ?? 0 } } : {}),
    ...(grammar === undefined ? {} : { grammar }),
    ...(jsonSchema === undefined ? {} : { jsonSchema }),
    ...(tools?.length ? { tools: toolSpecs(tools) satisfies ToolSpec[], toolChoice: tool_choice ?? "auto" } : {}),
  };
}

/**
 * The part of LangChain's cache key that is not the messages. A seed that nobody gave is left out, though each call
 * draws with another: who sets a cache wants the answer to an equal question again.
 *
 * @param path - of the weights: another file there, or another state of it, is another model.
 * @throws CopeError `OPTIONS_INVALID`
 */
export function cacheKey(
  path: string,
  own: OwnFields,
  options: Partial<ChatLlamaCallOptions>,
  outputVersion: string | undefined,
): string {
  const { seed: _, ...asked } = replyOptions(own, options, 0);
  const { contextSize, deterministic, gpu } = own;
  const file = statSync(path, { throwIfNoEntry: false });
  return JSON.stringify({
    ...asked,
    seed: options.seed ?? own.seed,
    weights: [path, file?.size, file?.mtimeMs],
    contextSize,
    deterministic,
    gpu,
    outputVersion,
  });
}
