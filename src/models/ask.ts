import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, HumanMessage, SystemMessage, type BaseMessage } from "@langchain/core/messages";
import type { Message } from "../state/message.js";
import type { Reply, Sampling } from "./types.js";

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
  sampling: Sampling,
  signal: AbortSignal,
): Promise<Reply> {
  const began = performance.now();
  const answer = await model.invoke(
    messages.map(({ role, content }) => new KINDS[role](content)),
    // Not every provider types a seed, and those without one ignore it.
    { stop: sampling.stop, seed: sampling.seed, signal, tags: ["nostream"] } as object,
  );
  // A model that answers within microtasks ends the node before LangChain's background callbacks ran, and then the
  // final message is missing from `messages` streams: let them run.
  await new Promise(setImmediate);
  return toReply(answer, performance.now() - began);
}

interface TokenLogprob {
  logprob?: unknown;
}

/** Reads text, usage, finish reason and log-probabilities from whatever shape the provider's message has. */
export function toReply(answer: BaseMessage, ms: number): Reply {
  const usage = (answer as AIMessage).usage_metadata;
  const about = answer.response_metadata as Record<string, any>;
  const tokens: TokenLogprob[] | undefined = about["logprobs"]?.content;
  const logprobs = tokens?.map((token) => token.logprob).filter((value): value is number => typeof value === "number");
  const finish = about["finish_reason"] ?? about["stop_reason"] ?? about["done_reason"] ?? about["finishReason"];
  return {
    text: answer.text,
    usage: { inputTokens: usage?.input_tokens ?? null, outputTokens: usage?.output_tokens ?? null },
    ...(typeof finish === "string" ? { finish } : {}),
    ...(logprobs?.length ? { logprobs } : {}),
    ms: Math.round(ms),
  };
}
