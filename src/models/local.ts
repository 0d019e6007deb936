import { ollamaUrl } from "./ollama-v1.js";

/** Also the address that stands for all of a machine's own. */
const LOOPBACK = /^((.+\.)?localhost\.?|127(\.\d{1,3}){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\])$/;

/** Ollama hands models of these names on to a server of its own: `gpt-oss:120b-cloud`, `glm-4.6:cloud`. */
const HANDED_ON = /[:-]cloud$/i;

/** Whether an address is on this machine. */
export function isLoopback(url: string): boolean {
  return URL.canParse(url) && LOOPBACK.test(new URL(url).hostname);
}

/**
 * Whether a model runs on this machine, so that what it is asked does not leave it: embedded models, and those of an Ollama
 * on loopback that keeps them. A server of another kind on loopback may hand on what it gets, and counts as elsewhere. Prices, the
 * question before something leaves, and what models may think by default go by this one definition.
 *
 * @param url - base address of the server; undefined: the provider's usual one
 */
export function isLocal({
  provider,
  model,
  url,
}: {
  provider: string;
  model: string;
  url?: string | undefined;
}): boolean {
  // A given instance may be known by its class.
  if (/^(llama|ChatLlama)$/.test(provider)) return true;
  if (!/^(ollama|ChatOllama)$/.test(provider) || HANDED_ON.test(model.trim())) return false;
  return isLoopback(ollamaUrl(url));
}
