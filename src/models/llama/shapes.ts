// What the types of embedded models are made of. Nothing here names node-llama-cpp: people without it check our types, too.
import type { Sampling } from "../types.js";

/** A JSON schema, as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** One tool as every provider describes it. */
export interface ToolSpec {
  name: string;
  description?: string;
  parameters: JsonSchema;
}

/** `auto`: the model decides; `any`: it must call one; `none`: it cannot; else the name of the tool it must call. */
export type ToolChoice = "auto" | "any" | "none" | (string & {});

/** One token of a text and how probable the model held it, in OpenAI's shape. Natural logarithms. */
export interface TokenLogprob {
  token: string;
  logprob: number;
  /** The most probable tokens at this place, best first; as many as were asked for. */
  top_logprobs: { token: string; logprob: number }[];
}

/** A text's tokens with their log-probabilities (natural), and their sum. */
export interface ScoredText {
  /** `logprob` is null for a first token that nothing stands before. */
  tokens: (Omit<TokenLogprob, "logprob"> & { logprob: number | null })[];
  /** Of the whole text: the sum over its tokens, without nulls. */
  logprob: number;
}

/** Everything a reply depends on besides the messages. */
export interface ReplyOptions extends Omit<Sampling, "logprobs" | "topLogprobs"> {
  /** As it is named in errors and metadata. */
  model: string;
  logprobs?: { top: number };
  keepGenerated?: boolean;
  grammar?: string;
  jsonSchema?: JsonSchema;
  tools?: ToolSpec[];
  toolChoice?: ToolChoice;
  /** Given the text in pieces as they come; what may be a tool call is held back. */
  onText?(piece: string): void;
}
