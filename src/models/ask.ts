import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, HumanMessage, SystemMessage, type BaseMessage } from "@langchain/core/messages";
import type { Message } from "../state/message.js";
import type { Reply, Sampling, Usage } from "./types.js";

const KINDS = { system: SystemMessage, user: HumanMessage, assistant: AIMessage } as const;

/**
 * Sends plain messages to a LangChain chat model and returns its reply as plain JSON.
 *
 * The `nostream` tag keeps drafts out of `messages` streams, also when the model inherits the run's callbacks through
 * the async context; tracing still sees the call.
 */
export async function ask(
  model: Pick<BaseChatModel, "invoke">,
  messages: readonly Message[],
  sampling: Partial<Sampling>,
  signal: AbortSignal,
): Promise<Reply> {
  const began = performance.now();
  const answer = await model.invoke(
    messages.map(({ role, content }) => new KINDS[role](content)),
    // All of it, though most providers take some by constructor only: chat models of one's own may take it by call.
    { ...sampling, maxRetries: 0, signal, tags: ["nostream"] } as object,
  );
  return toReply(answer, performance.now() - began);
}

interface TokenLogprob {
  logprob?: unknown;
}

/** Reads text, usage, finish reason and log-probabilities from whatever shape the provider's message has. */
export function toReply(answer: BaseMessage, ms: number): Reply {
  const { text } = answer;
  const about = answer.response_metadata as Record<string, any>;
  const tokens: TokenLogprob[] | undefined = about["logprobs"]?.content;
  const logprobs = tokens?.map((token) => token.logprob).filter((value): value is number => typeof value === "number");
  const finish = about["finish_reason"] ?? about["stop_reason"] ?? about["done_reason"] ?? about["finishReason"];
  return {
    text,
    usage: usageOf(answer as AIMessage, text),
    ...(typeof finish === "string" ? { finish } : {}),
    ...(logprobs?.length ? { logprobs } : {}),
    ms: Math.round(ms),
  };
}

/**
 * Clients write 0 where the server counts nothing (Ollama's), and nothing where it counts 0 (OpenAI's). No prompt has 0
 * tokens and no text has: those zeros mean "not counted", and are null.
 */
function usageOf({ usage_metadata, response_metadata }: AIMessage, text: string): Usage {
  const inputTokens = usage_metadata?.input_tokens || null;
  const output = usage_metadata?.output_tokens ?? (response_metadata as any)["usage"]?.completion_tokens ?? null;
  const uncounted = output === 0 && (text !== "" || inputTokens === null);
  return { inputTokens, outputTokens: uncounted ? null : output };
}
