import { statSync } from "node:fs";
import { parseSampled, type ChatLlamaCallOptions, type OwnFields } from "./chat-options.js";
import type { ReplyOptions, ToolSpec } from "./shapes.js";
import { toolSpecs } from "./tools.js";

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
