import { z } from "zod";
import { parseOptions } from "../../options-error.js";

const Sampled = z.object({
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
  /** Report the log-probability of each token, in `response_metadata.logprobs.content` as OpenAI does. @default false */
  logprobs: z.boolean().optional(),
  /** Alternatives reported for each token, 0 … 20; implies `logprobs`. @default 0 */
  topLogprobs: z.number().int().min(0).max(20).optional(),
});

const Fields = Sampled.extend({
  /** Catalog name, or the path of a GGUF file. */
  model: z.string().min(1),
  contextSize: z.number().int().min(8).optional(),
  sequences: z.number().int().min(1).max(256).optional(),
  deterministic: z.boolean().optional(),
  maxQueue: z.number().int().min(0).optional(),
  idleMs: z.union([z.number().positive().max(0x7fffffff), z.literal(false)]).optional(),
  threads: z.number().int().min(1).optional(),
  gpu: z.union([z.enum(["auto", "cuda", "vulkan", "metal"]), z.literal(false)]).optional(),
});

/** What a `ChatLlama` is made from: how it samples, and how it is loaded and run (see `EngineOptions`). */
export type ChatLlamaFields = z.input<typeof Fields>;

/** How one call samples, of what the constructor set and what the call sets. */
export type SampledOptions = z.output<typeof Sampled>;

/** @throws CopeError `OPTIONS_INVALID` */
export const parseFields = (fields: unknown): z.output<typeof Fields> => parse(Fields, fields);

/** @throws CopeError `OPTIONS_INVALID` */
export const parseSampled = (options: unknown): SampledOptions => parse(Sampled, options);

function parse<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  return parseOptions(schema, value, "ChatLlama", { remedy: "see ChatLlamaFields for what is allowed." });
}
