import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessageChunk, type AIMessage, type BaseMessage } from "@langchain/core/messages";
import { concat } from "@langchain/core/utils/stream";
import { CopeError } from "../errors.js";
import type { Message } from "../state/message.js";
import type { ToolSpec } from "../state/tool.js";
import { abilityMissing, type Ability } from "./abilities.js";
import { hiddenTraces } from "./hidden-traces.js";
import { hider } from "./hide.js";
import { callCount, callId, toLangChain } from "./messages.js";
import { replyCalls } from "./reply-calls.js";
import { secretsOf } from "./secrets.js";
import { bindable } from "./tool-specs.js";
import { thinksByName } from "./thinking/models.js";
import { partThinking } from "./thinking/part.js";
import { thinkingOf, visibleTokens } from "./thinking/reply.js";
import { ThinkingStream } from "./thinking/stream.js";
import { tracersOnly } from "./tracers-only.js";
import { isCut, type OnToken, type Reply, type Sampling } from "./types.js";
import { usageOf } from "./usage.js";

/** What a chat model, or a tool-bound one, is asked by. */
export type Invocable = Pick<BaseChatModel, "invoke" | "stream"> &
  Partial<Pick<BaseChatModel, "bindTools" | "getName">>;

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
