import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { type AIMessage, AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { concat } from "@langchain/core/utils/stream";
import { CopeError } from "../errors.js";
import type { Message, ToolSpec } from "../state/message.js";
import { type Ability, abilityMissing } from "../models/abilities.js";
import { hiddenTraces, tracersOnly } from "../privacy/traces.js";
import { hider } from "../privacy/hide.js";
import { secretsOf } from "../privacy/redact.js";
import { thinksByName } from "../models/thinking/models.js";
import { partThinking } from "../models/thinking/part.js";
import { thinkingOf, visibleTokens } from "../models/thinking/reply.js";
import { ThinkingStream } from "../models/thinking/stream.js";
import { callCount, callId, toLangChain } from "./messages.js";
import { bindable, replyCalls } from "./tools.js";
import { isCut, type OnToken, type Reply, type Sampling, type Usage } from "./types.js";

/** What a chat model, or a tool-bound one, is asked by. */
type Invocable = Pick<BaseChatModel, "invoke" | "stream"> & Partial<Pick<BaseChatModel, "bindTools" | "getName">>;

/**
 * Sends plain messages to a LangChain chat model and returns its reply as plain JSON.
 *
 * The `nostream` tag keeps drafts out of `messages` streams, also when the model inherits the run's callbacks through
 * the async context; tracing still sees the call. Keys that the model was built with are in no error and in no trace, though
 * servers repeat them.
 *
 * @param onToken - makes the model stream, and is told each piece of the text
 */
export async function ask(
  model: Invocable,
  messages: readonly Message[],
  sampling: Partial<Sampling>,
  signal: AbortSignal,
  tools: readonly ToolSpec[] = [],
  onToken?: OnToken,
): Promise<Reply> {
  const began = performance.now();
  const bound = tools.length > 0 ? withTools(model, tools) : model;
  const said = toLangChain(messages);
  // All of it, though most providers take some by constructor only: chat models of one's own may take it by call.
  const secrets = secretsOf(model);
  const options = { ...sampling, maxRetries: 0, signal, tags: ["nostream"] };
  const call = { ...options, callbacks: hiddenTraces({ texts: secrets }, onToken && tracersOnly().callbacks) };
  const answer = await (onToken ? streamed(bound, said, call, onToken) : bound.invoke(said, call as object)).catch(
    (error: unknown) => {
      throw hider(secrets)(error);
    },
  );
  const reply = toReply(answer, {
    ms: performance.now() - began,
    calls: callCount(messages),
    begun: beginsThinking(model),
  });
  if (onToken && reply.finish === undefined && TELLS_ITS_END.has(model.getName?.() ?? "")) throw endless(model);
  if (sampling.logprobs && reply.text !== "" && !tokensOf(answer).some(isWhole)) throw withheld(model);
  return reply;
}

/** Classes that always tell why a text ended: where they do not, a connection was closed in the middle of it. */
const TELLS_ITS_END: ReadonlySet<string> = new Set(["ChatOpenAI", "ChatOllama", "ChatAnthropic", "ChatLlama"]);

const endless = (model: Invocable): Error =>
  Object.assign(new Error(`${model.getName?.()}'s stream ended without its end`), { code: "ECONNRESET" });

/** Streams one message. Who streams the answer to the user hears of its pieces by `onToken`, not also by this call. */
async function streamed(
  model: Pick<BaseChatModel, "stream">,
  messages: BaseMessage[],
  options: object,
  onToken: OnToken,
): Promise<AIMessageChunk> {
  let whole: AIMessageChunk | undefined;
  let visible: ThinkingStream | undefined;
  for await (const chunk of await model.stream(messages, options)) {
    whole = whole ? concat(whole, chunk) : chunk;
    if (chunk.text === "") continue;
    // Where thinking came apart from the text, the text does not begin inside of it.
    visible ??= new ThinkingStream(onToken, beginsThinking(model) && thinkingOf(whole) === "");
    visible.push(chunk.text);
  }
  const message = whole ?? new AIMessageChunk("");
  visible?.end(isCut({ finish: finishOf(message) }));
  return message;
}

/** Whether a model's text may begin inside of its thinking, by its name. */
const beginsThinking = (model: object): boolean =>
  thinksByName(String((model as { model?: unknown }).model ?? ""))?.begun === true;

function finishOf({ response_metadata }: BaseMessage): string | undefined {
  const about = response_metadata as Record<string, any>;
  const said = about["finish_reason"] ?? about["stop_reason"] ?? about["done_reason"] ?? about["finishReason"];
  const finish: unknown = said ?? (about["status"] === "incomplete" ? about["incomplete_details"]?.reason : undefined);
  return typeof finish === "string" ? finish : undefined;
}

/** LangChain's classes have `bindTools` where their models can call tools. */
export function toolsByClass(model: object): Ability {
  return "bindTools" in model && typeof model.bindTools === "function"
    ? { has: true, from: "declared", why: "its class has bindTools" }
    : {
        has: false,
        from: "declared",
        why: "its class has no bindTools",
        remedy: "use a chat model that has bindTools.",
      };
}

function withTools(model: Invocable, tools: readonly ToolSpec[]): Pick<BaseChatModel, "invoke" | "stream"> {
  const bound = model.bindTools?.(tools.map(bindable));
  if (bound) return bound as unknown as Pick<BaseChatModel, "invoke" | "stream">;
  throw abilityMissing(
    { provider: "class", model: model.getName?.() ?? "the model" },
    "tools",
    toolsByClass({}),
    "a task with tools",
  );
}

/** A server that promised log-probabilities and sends none would leave a scorer to score nothing. */
function withheld(model: Invocable): CopeError {
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

/** What a reply is read with. */
interface ReplyContext {
  /** Milliseconds that the call took. */
  ms: number;
  /** How many calls the conversation already holds: ids are numbered on from there. @default 0 */
  calls?: number;
  /** The text may begin inside of thinking. @default false */
  begun?: boolean;
}

/**
 * Reads text, thinking, tool calls, usage, finish reason and log-probabilities from whatever shape the provider's message has. Here what a
 * model wrote for itself is separated from what it says, by the provider's fields or by the model's own marks.
 */
export function toReply(answer: BaseMessage, { ms, calls = 0, begun = false }: ReplyContext): Reply {
  const finish = finishOf(answer);
  const apart = thinkingOf(answer);
  const parted = partThinking(answer.text, { begun: begun && apart === "", cut: isCut({ finish }) });
  const { text } = parted;
  const thinking = [apart, parted.thinking ?? ""].filter((part) => part.trim() !== "").join("\n\n");
  const reported = tokensOf(answer);
  // Those that were only thought say nothing of the text. Where they cannot be told apart, all count.
  const [from, to] =
    (thinking !== "" &&
      visibleTokens(
        reported.map(({ token }) => String(token)),
        text,
      )) ||
    [];
  const tokens = text === "" && thinking !== "" ? [] : reported.slice(from, to);
  // All or none: a scorer must not take the mean of those that happen to be there.
  const whole = tokens.length > 0 && tokens.every(isWhole) ? (tokens as WholeLogprob[]) : undefined;
  const { made: wanted, broken } = replyCalls(answer);
  const made = wanted.map((call, i) => ({ ...call, id: callId(calls + i + 1) }));
  return {
    text,
    ...(thinking === "" ? {} : { thinking }),
    ...(made.length > 0 ? { toolCalls: made } : {}),
    ...(broken.length > 0 ? { brokenCalls: broken } : {}),
    usage: usageOf(answer as AIMessage, made.length > 0 || text !== "" || thinking !== ""),
    ...(finish === undefined ? {} : { finish }),
    ...(whole ? { logprobs: whole.map(({ logprob }) => logprob) } : {}),
    ...(whole?.some((token) => token.top_logprobs?.length) ? { topLogprobs: whole.map(likeliest) } : {}),
    ms: Math.round(ms),
  };
}

const tokensOf = ({ response_metadata }: BaseMessage): TokenLogprob[] =>
  (response_metadata as Record<string, any>)["logprobs"]?.content ?? [];

interface WholeLogprob extends TokenLogprob {
  logprob: number;
}

/** A logarithm of a probability is never positive; some servers round 0 to a hair above it. */
const isWhole = ({ logprob }: TokenLogprob): boolean => typeof logprob === "number" && logprob < 1e-3;

function likeliest({ top_logprobs: top = [] }: WholeLogprob): { token: string; logprob: number }[] {
  return top.filter(isWhole).map(({ token, logprob }) => ({ token: String(token), logprob: Number(logprob) }));
}

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
