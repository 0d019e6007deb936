import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, HumanMessage, SystemMessage, type BaseMessage } from "@langchain/core/messages";
import { CopeError } from "../errors.js";
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
  const reply = toReply(answer, performance.now() - began);
  if (sampling.logprobs && !reply.logprobs && reply.text !== "") throw withheld(model);
  return reply;
}

/** A server that promised log-probabilities and sends none would leave a scorer to score nothing. */
function withheld(model: Pick<BaseChatModel, "invoke"> & { getName?: () => string }): CopeError {
  const name = model.getName?.() ?? "the model";
  const remedy =
    name === "ChatOllama"
      ? OLLAMA_REMEDY
      : "use a model or server that reports them (`cope doctor --model PROVIDER:MODEL`); where you pass a function, build the model with the `logprobs` it is given.";
  return new CopeError("ABILITY_MISSING", `${name} was asked for log-probabilities and returned none.`, remedy);
}

/** What to do where Ollama's own client is used, which drops log-probabilities even where the server has them. */
export const OLLAMA_REMEDY =
  'ask Ollama by its OpenAI-compatible address: "openai:MODEL@http://127.0.0.1:11434/v1", or new ChatOpenAI({ model, apiKey: "ollama", configuration: { baseURL: "http://127.0.0.1:11434/v1" } }). Old versions of Ollama have no log-probabilities there either.';

interface TokenLogprob {
  token?: unknown;
  logprob?: unknown;
  top_logprobs?: TokenLogprob[];
}

/** Reads text, usage, finish reason and log-probabilities from whatever shape the provider's message has. */
export function toReply(answer: BaseMessage, ms: number): Reply {
  const { text } = answer;
  const about = answer.response_metadata as Record<string, any>;
  const tokens: TokenLogprob[] | undefined = about["logprobs"]?.content ?? undefined;
  // All or none: a scorer must not take the mean of those that happen to be there.
  const whole = tokens?.length && tokens.every(isWhole) ? (tokens as WholeLogprob[]) : undefined;
  const finish = about["finish_reason"] ?? about["stop_reason"] ?? about["done_reason"] ?? about["finishReason"];
  return {
    text,
    usage: usageOf(answer as AIMessage, text),
    ...(typeof finish === "string" ? { finish } : {}),
    ...(whole ? { logprobs: whole.map(({ logprob }) => logprob) } : {}),
    ...(whole?.some((token) => token.top_logprobs?.length) ? { topLogprobs: whole.map(likeliest) } : {}),
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

interface WholeLogprob extends TokenLogprob {
  logprob: number;
}

/** A logarithm of a probability is never positive; some servers round 0 to a hair above it. */
const isWhole = ({ logprob }: TokenLogprob): boolean => typeof logprob === "number" && logprob < 1e-3;

function likeliest({ top_logprobs: top = [] }: WholeLogprob): { token: string; logprob: number }[] {
  return top.filter(isWhole).map(({ token, logprob }) => ({ token: String(token), logprob: Number(logprob) }));
}
