import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { CopeError } from "../errors.js";
import { ask } from "./ask.js";
import { constructorFields, keyVariables, takenBy } from "./providers.js";
import { redact } from "./redact.js";
import type { ChatHandle, Sampling } from "./types.js";

/**
 * `"provider:model"` → a handle. Providers are LangChain's (`initChatModel`), and `llama:` for embedded models, by
 * catalog name or by path of a GGUF file. Checks what can be checked without a call: provider, package, key, file.
 *
 * @throws CopeError MODEL_UNKNOWN, PROVIDER_UNKNOWN, KEY_MISSING, PACKAGE_MISSING, ENGINE_MISSING, MODEL_NOT_FOUND,
 * FILE_NOT_FOUND, MODEL_FILE_INVALID
 */
export async function resolveModel(spec: string): Promise<ChatHandle> {
  const colon = spec.indexOf(":");
  const provider = spec.slice(0, colon);
  const model = spec.slice(colon + 1);
  if (colon < 1 || model === "") {
    throw new CopeError(
      "MODEL_UNKNOWN",
      `"${spec}" names no model.`,
      'write "provider:model", such as "openai:gpt-4o" or "ollama:qwen3:4b".',
    );
  }
  if (provider === "llama") return resolveLlama(model);

  const keys = keyVariables(provider);
  if (keys && !keys.some((name) => process.env[name])) {
    throw new CopeError(
      "KEY_MISSING",
      `${spec} needs a key, and ${keys.join(" or ")} is not set.`,
      `export ${keys[0]}=…, or choose a local model ("ollama:…", "llama:…").`,
    );
  }
  const build = await builder(provider, model, spec);
  // Builds one to see that the package is there and takes the fields; calls build their own, with their own sampling.
  await build({ temperature: 0, maxTokens: 1, seed: 0 });
  const identity = { provider, model };
  return {
    identity,
    ask: async (messages, sampling, signal) =>
      ask(await build(sampling, signal), messages, takenBy(identity, sampling), signal),
  };
}

type Build = (sampling: Sampling, signal?: AbortSignal) => Promise<Pick<BaseChatModel, "invoke">>;

async function builder(provider: string, model: string, spec: string): Promise<Build> {
  // Lazy: `cope --help` and people who pass instances need none of it.
  const { initChatModel, MODEL_PROVIDER_CONFIG } = await import("langchain/chat_models/universal");
  if (!Object.hasOwn(MODEL_PROVIDER_CONFIG, provider)) {
    throw new CopeError(
      "PROVIDER_UNKNOWN",
      `"${provider}" is no provider.`,
      'use "openai", "ollama", "anthropic", "llama" or another provider of LangChain\'s initChatModel.',
    );
  }
  return async (sampling, signal) => {
    try {
      const fields = constructorFields({ provider, model }, sampling, { signal });
      return await initChatModel(model, { modelProvider: provider as never, ...fields });
    } catch (error) {
      const said = redact(error instanceof Error ? (error.message.split("\n")[0] ?? "") : error);
      const missing = /install (@langchain\/[\w-]+)/.exec(said)?.[1];
      if (missing)
        throw new CopeError("PACKAGE_MISSING", `${spec} needs the package ${missing}.`, `npm install ${missing}`);
      throw new CopeError(
        "MODEL_UNKNOWN",
        `${spec}: ${said}`,
        "see the provider's LangChain package for what it needs.",
      );
    }
  };
}

async function resolveLlama(model: string): Promise<ChatHandle> {
  const { openLlama } = await import("./llama/open.js");
  return openLlama(model);
}
