import type { Message, ToolSpec } from "../state/message.js";
import { ask } from "../calls/ask.js";
import { addressFetch } from "../privacy/own-host.js";
import type { Reply, Sampling } from "../calls/types.js";
import { constructorFields, takenBy } from "./providers.js";

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

/**
 * Base address of Ollama: the one given, the environment's, or its default; without a slash at its end. As Ollama's own
 * programs read it, a scheme may be missing.
 */
export function ollamaUrl(url: string | undefined): string {
  const own = (url ?? (process.env["OLLAMA_BASE_URL"] || "http://127.0.0.1:11434")).trim().replace(/\/+$/, "");
  return own.includes("://") ? own : `http://${own}`;
}

/**
 * Asks a model of Ollama by the server's OpenAI-compatible address: the same server and the same model, with
 * log-probabilities, which Ollama's own client drops.
 *
 * @throws CopeError `ABILITY_MISSING` where this version of Ollama returns none there either
 */
export async function askOllama(
  { model, url }: { model: string; url: string },
  messages: readonly Message[],
  sampling: Sampling,
  signal: AbortSignal,
  tools?: readonly ToolSpec[],
): Promise<Reply> {
  // Lazy: people without Ollama need none of it.
  const { ChatOpenAI } = await import("@langchain/openai");
  // Not by OpenAI's rules for its own model names.
  const identity = { provider: "ollama-v1", model };
  const fields = constructorFields(identity, sampling);
  const configuration = { baseURL: `${url}/v1`, fetch: addressFetch("ollama") };
  const chat = new ChatOpenAI({ ...fields, model, apiKey: "ollama", configuration, useResponsesApi: false });
  return ask(chat, messages, takenBy(identity, sampling), signal, tools);
}
