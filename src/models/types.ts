import type { Message } from "../state/message.js";

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
}

/** Token counts as the server states them; null where it states none. */
export interface Usage {
  inputTokens: number | null;
  outputTokens: number | null;
}

/** One answered call, as plain JSON: what tape and journal keep. */
export interface Reply {
  text: string;
  usage: Usage;
  /** `stop`, `length`, or the provider's own word. */
  finish?: string;
  /** Natural-log probability of each generated token, where the model reports it. */
  logprobs?: number[];
  /** Wall-clock time of the call in milliseconds. */
  ms: number;
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
  model: ModelIdentity;
  messages: readonly Message[];
  sampling: Sampling;
}

/** A model ready to be asked, whatever provider it comes from. */
export interface ChatHandle {
  identity: ModelIdentity;
  ask(messages: readonly Message[], sampling: Sampling, signal: AbortSignal): Promise<Reply>;
}
