import { ollamaUrl } from "./ollama-v1.js";

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Ollama hands models of these names on to a server of its own: `gpt-oss:120b-cloud`, `glm-4.6:cloud`. */
const HANDED_ON = /[:-]cloud$/;

/**
 * Whether a model runs on this machine, so that what it is asked does not leave it: embedded models, and those of an Ollama
 * on loopback. A server of another kind on loopback may hand on what it gets, and counts as elsewhere.
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
  if (provider === "llama") return true;
  if (provider !== "ollama" || HANDED_ON.test(model)) return false;
  const address = ollamaUrl(url);
  return URL.canParse(address) && LOOPBACK.test(new URL(address).hostname);
}
