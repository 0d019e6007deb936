import type { Ability, AbilityName } from "./abilities.js";

type Declared = Partial<Record<AbilityName, boolean>>;

/** The embedded models: tools depend on the file's template, and are not declared. */
const LLAMA: Declared = {
  logprobs: true,
  continuation: true,
  severalSamples: false,
  schema: true,
  embeddings: true,
  tokenCount: true,
};

/** OpenAI's own server: a last assistant message begins a new turn there, and its tokenizer has no endpoint. */
const OPENAI: Declared = { continuation: false, severalSamples: true, embeddings: false, tokenCount: false };

/** OpenAI's chat models of which it documents log-probabilities and tools; of others the server is asked. */
const OPENAI_PLAIN = /^gpt-(3\.5-turbo|4|4-turbo|4o|4o-mini|4\.1|4\.1-mini|4\.1-nano)(-\d{4}(-\d\d-\d\d)?)?$/;

const ANTHROPIC: Declared = { logprobs: false, severalSamples: false, embeddings: false };

/** Ollama's protocol has neither `n` nor a tokenizer. */
const OLLAMA: Declared = { severalSamples: false, tokenCount: false };

/**
 * What is sure of a provider's models without asking one; undefined where it is not.
 *
 * @param own - false where the address is not the provider's own: another server may do anything under its protocol
 */
export function declaredOf(
  { provider, model }: { provider: string; model: string },
  name: AbilityName,
  own = true,
): Ability | undefined {
  const has = tableOf(provider, model, own)[name];
  return has === undefined ? undefined : { has, from: "declared" };
}

function tableOf(provider: string, model: string, own: boolean): Declared {
  if (provider === "llama") return LLAMA;
  if (provider === "ollama") return OLLAMA;
  if (!own) return {};
  if (provider === "anthropic") return ANTHROPIC;
  if (provider !== "openai") return {};
  return OPENAI_PLAIN.test(model) ? { ...OPENAI, logprobs: true, tools: true } : OPENAI;
}
