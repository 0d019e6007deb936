import { ollamaFetch } from "./ollama-fetch.js";
import type { ModelIdentity, Sampling } from "./types.js";

/**
 * Environment variables that hold a provider's key; one of them must be set. Providers that are not listed are left to
 * their own package, which says what it misses.
 */
export const KEY_VARIABLES: Readonly<Record<string, readonly string[]>> = {
  openai: ["OPENAI_API_KEY"],
  anthropic: ["ANTHROPIC_API_KEY"],
  azure_openai: ["AZURE_OPENAI_API_KEY"],
  cerebras: ["CEREBRAS_API_KEY"],
  cohere: ["COHERE_API_KEY"],
  deepseek: ["DEEPSEEK_API_KEY"],
  fireworks: ["FIREWORKS_API_KEY"],
  "google-genai": ["GOOGLE_API_KEY"],
  groq: ["GROQ_API_KEY"],
  mistral: ["MISTRAL_API_KEY"],
  mistralai: ["MISTRAL_API_KEY"],
  perplexity: ["PERPLEXITY_API_KEY"],
  together: ["TOGETHER_AI_API_KEY"],
  xai: ["XAI_API_KEY"],
};

/** What each provider's constructor calls the output limit, where it is not `maxTokens`. */
const OUTPUT_LIMIT: Readonly<Record<string, string>> = {
  ollama: "numPredict",
  google: "maxOutputTokens",
  "google-genai": "maxOutputTokens",
  "google-vertexai": "maxOutputTokens",
  "google-vertexai-web": "maxOutputTokens",
};

/** The variables of a provider, or undefined where it has none here. */
export function keyVariables(provider: string): readonly string[] | undefined {
  return Object.hasOwn(KEY_VARIABLES, provider) ? KEY_VARIABLES[provider] : undefined;
}

/** OpenAI's reasoning models answer 400 to a temperature and to stop strings. */
const REASONING = /^(o\d|gpt-5(?!.*chat))/;

/** What a model takes of a sampling; the rest would be refused. */
export function takenBy(
  { provider, model }: Pick<ModelIdentity, "provider" | "model">,
  { maxTokens, seed, logprobs, grammar, ...more }: Sampling,
): Pick<Sampling, "maxTokens" | "seed"> & Partial<Sampling> {
  const reasons = /^(openai|azure)/.test(provider) && REASONING.test(model);
  return {
    maxTokens,
    seed,
    ...(logprobs ? { logprobs } : {}),
    ...(grammar !== undefined && provider === "llama" ? { grammar } : {}),
    ...(reasons ? {} : more),
  };
}

/**
 * Constructor fields for a provider's chat model. Retries are ours (the door to models), or the ledger and the budget
 * would not see them. Stop strings are not among them: some providers take them by call option only.
 *
 * @param call - `signal`: of the call the model is built for; `fetch`: what the caller's own instance sends with; `streams`:
 * its text is to be streamed
 */
export function constructorFields(
  identity: Pick<ModelIdentity, "provider" | "model">,
  sampling: Sampling,
  call: { signal?: AbortSignal; fetch?: typeof fetch; streams?: boolean } = {},
): Record<string, unknown> {
  const { provider } = identity;
  const { temperature, topP, maxTokens, seed } = takenBy(identity, sampling);
  const { logprobs, topLogprobs } = sampling;
  const limit = Object.hasOwn(OUTPUT_LIMIT, provider) ? OUTPUT_LIMIT[provider]! : "maxTokens";
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    [limit]: maxTokens,
    // Ollama takes a seed by constructor only, OpenAI by call option only.
    ...(provider === "ollama" ? { seed, fetch: ollamaFetch(call.signal, call.fetch) } : {}),
    // ChatOpenAI takes them by constructor only; who has no such field passes them over.
    ...(logprobs ? { logprobs, ...(topLogprobs === undefined ? {} : { topLogprobs }) } : {}),
    maxRetries: 0,
    // Studio and `messages` streams make models stream: nobody reads drafts, and many OpenAI-like servers then state no usage.
    disableStreaming: !call.streams,
  };
}
