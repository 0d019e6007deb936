import { statusOf, textOf } from "./error-parts.js";
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
const REASONING = /(?:^|\/)(?:o\d|gpt-[5-9](?!.*chat))/;

/** What of a sampling a server may refuse, and how it is told: by the name of the parameter. */
const REFUSABLE = {
  temperature: "temperature",
  top_p: "topP",
  stop: "stop",
  seed: "seed",
  max_tokens: "maxTokens",
} as const;
/** What of a sampling a server may refuse. */
export type Refusable = (typeof REFUSABLE)[keyof typeof REFUSABLE];

/** How servers say that a parameter, or its value, is none of theirs. */
const UNWANTED =
  /unsupported|not (?:support|allow|permit|accept)|only (?:the )?default|may only be|must be (?:unset|1\b)|cannot both|deprecated|unrecogni[sz]ed|unknown (?:parameter|argument)|max_completion_tokens/i;

/** The parameter that a server refuses by an error; undefined for any other error. */
function refusedBy(error: unknown): Refusable | undefined {
  const status = statusOf(error);
  const { param } = error as { param?: unknown };
  const said = textOf(error);
  if ((status !== 400 && status !== 422) || !UNWANTED.test(said)) return undefined;
  const names = Object.keys(REFUSABLE) as (keyof typeof REFUSABLE)[];
  const found = names.find((name) => param === name) ?? names.find((name) => new RegExp(`\\b${name}\\b`).test(said));
  return found && REFUSABLE[found];
}

/**
 * Asks, and where the server refuses a parameter that its model has no use for, once more without it: a model that draws at a temperature of
 * its own still answers. Nobody bills what is refused.
 *
 * @param refused - what is left out from now on
 */
export async function askHeeding<T>(refused: Set<Refusable>, ask: () => Promise<T>): Promise<T> {
  for (;;) {
    const left = new Set(refused);
    try {
      return await ask();
    } catch (error) {
      const name = refusedBy(error);
      if (name === undefined || left.has(name)) throw error;
      refused.add(name);
    }
  }
}

/** What a model takes of a sampling; the rest would be refused. */
export function takenBy(
  { provider, model }: Pick<ModelIdentity, "provider" | "model">,
  { maxTokens, seed, logprobs, grammar, ...more }: Sampling,
  refused: ReadonlySet<Refusable> = new Set(),
): Partial<Sampling> {
  const reasons = /^(openai|azure)/.test(provider) && REASONING.test(model);
  const taken = {
    maxTokens,
    seed,
    ...(logprobs ? { logprobs } : {}),
    ...(grammar !== undefined && provider === "llama" ? { grammar } : {}),
    ...(reasons ? {} : more),
  };
  return Object.fromEntries(Object.entries(taken).filter(([name]) => !refused.has(name as Refusable)));
}

/** The call that a model is built for. */
export interface BuildContext {
  signal?: AbortSignal | undefined;
  /** Its text is to be streamed. @default false */
  streams?: boolean | undefined;
  /** What its server refuses. @default nothing */
  refused?: ReadonlySet<Refusable>;
}

/**
 * Constructor fields for a provider's chat model. Retries are ours (the door to models), or the ledger and the budget
 * would not see them. Stop strings are not among them: some providers take them by call option only.
 *
 * @param call - `fetch`: what the caller's own instance sends with; `modelKwargs`: its own
 */
export function constructorFields(
  identity: Pick<ModelIdentity, "provider" | "model">,
  sampling: Sampling,
  call: BuildContext & { fetch?: typeof fetch; modelKwargs?: object } = {},
): Record<string, unknown> {
  const { provider } = identity;
  const { refused = new Set() } = call;
  const { temperature, topP, maxTokens, seed } = takenBy(identity, sampling, refused);
  const { logprobs, topLogprobs } = sampling;
  const limit = Object.hasOwn(OUTPUT_LIMIT, provider) ? OUTPUT_LIMIT[provider]! : "maxTokens";
  return {
    ...(temperature === undefined && !refused.has("temperature") ? {} : { temperature }),
    ...(topP === undefined && !refused.has("topP") ? {} : { topP }),
    [limit]: maxTokens,
    ...(refused.has("maxTokens")
      ? { modelKwargs: { ...call.modelKwargs, max_completion_tokens: sampling.maxTokens } }
      : {}),
    // Ollama takes a seed by constructor only, OpenAI by call option only.
    ...(provider === "ollama" ? { seed, fetch: ollamaFetch(call.signal, call.fetch) } : {}),
    // ChatOpenAI takes them by constructor only; who has no such field passes them over.
    ...(logprobs ? { logprobs, ...(topLogprobs === undefined ? {} : { topLogprobs }) } : {}),
    maxRetries: 0,
    // Studio and `messages` streams make models stream: nobody reads drafts, and many OpenAI-like servers then state no usage.
    disableStreaming: !call.streams,
  };
}
