import type { Message } from "../state/message.js";
import type { ToolSpec } from "../state/tool.js";
import { ask } from "./ask.js";
import { addressFetch } from "./own-host-fetch.js";
import { constructorFields, takenBy } from "./providers.js";
import type { Reply, Sampling } from "./types.js";

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
