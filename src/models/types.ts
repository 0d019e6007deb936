import type { Message } from "../state/message.js";
import type { ToolCall, ToolSpec } from "../state/tool.js";
import type { Ability, AbilityName } from "./abilities.js";
import type { Thinks } from "./thinking/models.js";

/** What is asked of a model for one text; the same for every provider. */
export interface Sampling {
  /** 0 is greedy. */
  temperature: number;
  topP?: number;
  /** Upper bound of generated tokens. */
  maxTokens: number;
  /** Strings that end the text; they are not part of it. */
  stop?: string[];
  /** Integer in 0 … 2^31-1; ignored by providers that have no seed. */
  seed: number;
  /** Asks for the log-probability of each token; a reply that tells of no token is then an error. @default false */
  logprobs?: boolean;
  /** How many of the likeliest tokens are reported at each place, with `logprobs`. */
  topLogprobs?: number;
  /** Holds the text to a grammar (GBNF), where the model can be: embedded ones. To others it is not sent. */
  grammar?: string;
}

/** Token counts as the server states them; null where it states none. What is absent below is 0, or not stated. */
export interface Usage {
  /** All of the prompt, whatever a cache of the provider's held or took of it. */
  inputTokens: number | null;
  /** All that was generated, what was thought included. */
  outputTokens: number | null;
  /** Of the input: read from a cache of the provider's, at a price of its own. */
  cachedInputTokens?: number;
  /** Of the input: written to such a cache. */
  cacheWriteTokens?: number;
  /** Of what was written: to be kept for an hour, which Anthropic bills apart. */
  hourCacheWriteTokens?: number;
  /** Of the output: what was thought. */
  reasoningTokens?: number;
}

/** One answered call, as plain JSON: what tape and journal keep. */
export interface Reply {
  /** What it says; empty where it only thought. */
  text: string;
  /** What the model wrote for itself; never an answer. Absent where it did not think, or its server does not tell. */
  thinking?: string;
  /** Tools it wants called; absent where it calls none. Ids are numbered on from the conversation's. */
  toolCalls?: ToolCall[];
  /** Calls whose arguments are no JSON object, as they came. */
  brokenCalls?: BrokenCall[];
  usage: Usage;
  /** `stop`, `length`, or the provider's own word. */
  finish?: string;
  /** Natural-log probability of each token of the text, where the model reports it for all of them. */
  logprobs?: number[];
  /** The likeliest tokens at each place, where they were asked for. */
  topLogprobs?: { token: string; logprob: number }[][];
  /** Wall-clock time of the call in milliseconds. */
  ms: number;
}

/** How providers say that the token limit ended a text, in any case. */
const CUT = /^(?:length|max_?(?:output_?|completion_?|new_?)?tokens|model_length|token_limit)$/i;

/** Whether the token limit ended a text before its model did. */
export const isCut = ({ finish }: { finish?: string | undefined }): boolean => finish !== undefined && CUT.test(finish);

/** A call that cannot be made. */
export interface BrokenCall {
  name: string;
  args: string;
}

/** What makes two models the same one. Never a key, never a URL. */
export interface ModelIdentity {
  /** `openai`, `ollama`, `llama`, or the class name of a given instance. */
  provider: string;
  model: string;
  /** SHA-256 of the weights, for embedded models. */
  digest?: string;
  /** What computes: part of the identity, since the same seed gives other texts elsewhere. */
  engine?: string;
}

/** Everything a reply depends on; its hash is the tape's key and part of the journal's. */
export interface ModelRequest {
  /** Where it runs is no part of what is asked: keys do not go by it. */
  model: PricedModel;
  messages: readonly Message[];
  sampling: Sampling;
  /** Tools it may call. @default none */
  tools?: readonly ToolSpec[];
}

/** Is told each piece of a text as it comes. A reply that is not streamed tells none. */
export type OnToken = (piece: string) => void;

/** A model as prices go by it: which one, and whether it runs on this machine. */
export type PricedModel = ModelIdentity & { local?: boolean };

/** A handle's model as prices go by it. */
export function pricedModel({ identity, local }: Pick<ChatHandle, "identity" | "local">): PricedModel {
  return local === undefined ? identity : { ...identity, local };
}

/** A model ready to be asked, whatever provider it comes from. */
export interface ChatHandle {
  identity: ModelIdentity;
  /** It runs on this machine: see `isLocal`. @default false */
  local?: boolean;
  /** It thinks before it answers, by its name, its options or its file's template. @default only its answers tell */
  thinks?: Thinks;
  ask(
    messages: readonly Message[],
    sampling: Sampling,
    signal: AbortSignal,
    tools?: readonly ToolSpec[],
    onToken?: OnToken,
  ): Promise<Reply>;
  /** A vector for a text, and the tokens it was read as, null where they are not known; absent where it has none. */
  embed?(text: string, signal: AbortSignal): Promise<{ vector: number[]; inputTokens: number | null }>;
  /**
   * Whether the model has an ability; absent where nothing is known. May send one tiny request, once per process and
   * server.
   *
   * @throws CopeError where the server does not answer, refuses the key, or does not know the model
   */
  ability?(name: AbilityName, signal?: AbortSignal): Promise<Ability>;
}
