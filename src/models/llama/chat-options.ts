import type {
  BaseChatModelCallOptions,
  BaseChatModelParams,
  BindToolsInput,
} from "@langchain/core/language_models/chat_models";
import { z } from "zod";
import { parseOptions } from "../../options-error.js";
import type { JsonSchema, ToolChoice } from "./shapes.js";

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
export const parseSampled = (options: unknown): z.output<typeof Sampled> => parse(Sampled, options);

function parse<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  return parseOptions(schema, value, "ChatLlama", { remedy: "see ChatLlamaFields for what is allowed." });
}
