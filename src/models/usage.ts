import type { AIMessage } from "@langchain/core/messages";
import type { Usage } from "./types.js";

type Counts = Record<string, any>;

/**
 * The tokens of a reply, in one form for all providers: input with what a cache held or took, output with what was thought.
 *
 * LangChain's classes differ in what they add up. OpenAI, Anthropic, Bedrock and DeepSeek count caches into the input and thoughts
 * into the output; xAI and Gemini count thoughts into the total alone; servers that are only like OpenAI do either.
 */
export function usageOf({ usage_metadata, response_metadata }: AIMessage, saidSomething: boolean): Usage {
  const told: Counts = usage_metadata ?? {};
  const raw: Counts = (response_metadata as Counts | undefined)?.["usage"] ?? {};
  const first = (...counts: unknown[]) => counts.find(isCount);
  const details: Counts = told["input_token_details"] ?? {};
  const [asked, wrote] = [promptDetails(told), promptDetails(raw)];
  // Clients write 0 where the server counts nothing (Ollama's), and nothing where it counts 0 (OpenAI's). No prompt has 0
  // tokens and no text has: those zeros mean "not counted", and are null.
  const stated = first(told["input_tokens"], told["prompt_tokens"], raw["prompt_tokens"], raw["input_tokens"]) || null;
  const said = first(told["output_tokens"], told["completion_tokens"], raw["completion_tokens"], raw["output_tokens"]);
  const uncounted = said === undefined || (said === 0 && (saidSomething || stated === null));
  const read = first(details["cache_read"], asked.read, wrote.read) ?? 0;
  const written = first(details["cache_creation"], asked.written, wrote.written) ?? 0;
  const thought = first(told["output_token_details"]?.reasoning, thoughtsOf(told), thoughtsOf(raw)) ?? 0;
  const total = first(told["total_tokens"], raw["total_tokens"]) ?? 0;
  const cached = read + written;
  // More than all of the input, or just what the total has more: they were counted beside it.
  const beside =
    stated !== null && (cached > stated || (total - stated - (said ?? 0) === cached && thought !== cached));
  const inputTokens = stated !== null && beside ? stated + cached : stated;
  const more = inputTokens === null || uncounted ? 0 : total - inputTokens - said;
  const outputTokens = uncounted ? null : said + Math.max(more, thought > said ? thought : 0, 0);
  const forAnHour = first(raw["cache_creation"]?.ephemeral_1h_input_tokens, details["ephemeral_1h_input_tokens"]) ?? 0;
  return {
    inputTokens,
    outputTokens,
    ...(inputTokens !== null && read > 0 ? { cachedInputTokens: read } : {}),
    ...(inputTokens !== null && written > 0 ? { cacheWriteTokens: written } : {}),
    ...(written > 0 && forAnHour > 0 ? { hourCacheWriteTokens: Math.min(forAnHour, written) } : {}),
    ...(outputTokens !== null && thought > 0 ? { reasoningTokens: Math.min(thought, outputTokens) } : {}),
  };
}

const isCount = (value: unknown): value is number => typeof value === "number" && value >= 0;

/** How servers call what a cache held of a prompt, and what it took: OpenAI, DeepSeek, Moonshot, Anthropic, Bedrock. */
function promptDetails(usage: Counts): { read: unknown; written: unknown } {
  const details: Counts = usage["prompt_tokens_details"] ?? usage["input_tokens_details"] ?? {};
  const reads = [
    details["cached_tokens"],
    usage["prompt_cache_hit_tokens"],
    usage["cached_tokens"],
    usage["cache_read_input_tokens"],
    usage["cacheReadInputTokens"],
  ];
  const writes = [details["cache_write_tokens"], usage["cache_creation_input_tokens"], usage["cacheWriteInputTokens"]];
  return { read: reads.find(isCount), written: writes.find(isCount) };
}

const thoughtsOf = (usage: Counts): unknown =>
  (usage["completion_tokens_details"] ?? usage["output_tokens_details"])?.reasoning_tokens ?? usage["reasoning_tokens"];
