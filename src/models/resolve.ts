import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { CopeError } from "../errors.js";
import type { Ability, AbilityName } from "./abilities.js";
import { UNKNOWN } from "./abilities.js";
import { ask, toolsByClass } from "./ask.js";
import { declaredOf } from "./declared.js";
import { isLocal } from "./local.js";
import { askOllama, ollamaUrl } from "./ollama-v1.js";
import { probe, type ProbedServer } from "./probe.js";
import { bare } from "./given.js";
import {
  askHeeding,
  constructorFields,
  keyVariables,
  takenBy,
  type BuildContext,
  type Refusable,
} from "./providers.js";
import { redact } from "./redact.js";
import { addressFetch, ownHostFetch } from "./own-host-fetch.js";
import { identityOf, isOpenAi, keyFor, openAiUrl, parseSpec, requireOpenAiUrl, type ModelSpec } from "./spec.js";
import { thinksByName } from "./thinking/models.js";
import type { ChatHandle, Sampling } from "./types.js";

/**
 * `"provider:model"` → a handle. Providers are LangChain's (`initChatModel`), and `llama:` for embedded models, by
 * catalog name or by path of a GGUF file. `"openai:model@http://host:port/v1"` is any server that speaks OpenAI's
 * protocol, `"ollama:model@http://host:port"` an Ollama elsewhere. Checks what can be checked without a call: provider,
 * package, key, file.
 *
 * @throws CopeError MODEL_UNKNOWN, PROVIDER_UNKNOWN, KEY_MISSING, PACKAGE_MISSING, ENGINE_MISSING, MODEL_NOT_FOUND,
 * FILE_NOT_FOUND, MODEL_FILE_INVALID
 */
export async function resolveModel(spec: string): Promise<ChatHandle> {
  const parts = parseSpec(spec);
  const { provider, model, url } = parts;
  if (provider === "llama") return resolveLlama(model);

  const keys = keyVariables(provider);
  if (url === undefined && keys && !keys.some((name) => process.env[name])) {
    throw new CopeError(
      "KEY_MISSING",
      `${spec} needs a key, and ${keys.join(" or ")} is not set.`,
      `export ${keys[0]}=…, or choose a local model ("ollama:…", "llama:…").`,
    );
  }
  if (provider === "openai" && url === undefined) requireOpenAiUrl();
  const build = await builder(parts, spec);
  // Builds one to see that the package is there and takes the fields; calls build their own, with their own sampling.
  await build(PROBE);
  const identity = identityOf(parts);
  const thinks = thinksByName(model);
  const refused = new Set<Refusable>();
  return {
    identity,
    local: isLocal(parts),
    ...(thinks ? { thinks } : {}),
    ability: async (name, signal) =>
      (await abilityOf(parts, name, signal)) ??
      (name === "tools" ? toolsByClass(await bare(await build(PROBE))) : UNKNOWN),
    ask: async (messages, sampling, signal, tools, onToken) => {
      if (provider === "ollama" && sampling.logprobs) {
        return askOllama({ model, url: ollamaUrl(url) }, messages, sampling, signal, tools);
      }
      return askHeeding(refused, async () => {
        const built = await build(sampling, { signal, streams: onToken !== undefined, refused });
        return ask(built, messages, takenBy(identity, sampling, refused), signal, tools, onToken);
      });
    },
  };
}

/** Any sampling: to look at what is built, never to call it. */
const PROBE: Sampling = { temperature: 0, maxTokens: 1, seed: 0 };

/** Undefined where neither the provider's word nor its server tells. */
async function abilityOf({ provider, model, url }: ModelSpec, name: AbilityName, signal?: AbortSignal) {
  const openAi = url ?? openAiUrl();
  const own = provider !== "openai" || isOpenAi(openAi);
  const declared = declaredOf({ provider, model }, name, own);
  if (declared) return declared;
  if (provider === "ollama") return ofOllama({ url: `${ollamaUrl(url)}/v1`, model }, name, signal);
  if (provider !== "openai") return undefined;
  const key = url === undefined ? process.env["OPENAI_API_KEY"] : keyFor(url);
  return probe({ url: openAi, model, key }, name, signal);
}

/** Ollama is asked at its `/v1`, where calls for log-probabilities are sent, too. */
async function ofOllama(server: ProbedServer, name: AbilityName, signal?: AbortSignal): Promise<Ability> {
  const ability = await probe(server, name, signal);
  if (name !== "logprobs" || ability.has === true) return ability;
  const remedy =
    'update Ollama: this version returns none at its /v1 either; or serve the model by llama.cpp or vLLM and name it "openai:MODEL@http://127.0.0.1:8080/v1".';
  return { ...ability, remedy };
}

type Build = (sampling: Sampling, call?: BuildContext) => Promise<BaseChatModel>;

async function builder({ provider, model, url }: ModelSpec, spec: string): Promise<Build> {
  // Lazy: `cope --help` and people who pass instances need none of it.
  const { initChatModel, MODEL_PROVIDER_CONFIG } = await import("langchain/chat_models/universal");
  if (!Object.hasOwn(MODEL_PROVIDER_CONFIG, provider)) {
    throw new CopeError(
      "PROVIDER_UNKNOWN",
      `"${provider}" is no provider.`,
      'use "openai", "ollama", "anthropic", "llama" or another provider of LangChain\'s initChatModel.',
    );
  }
  return async (sampling, call = {}) => {
    const fields = {
      ...constructorFields({ provider, model }, sampling, call),
      ...addressFields(provider, url, call.streams),
    };
    try {
      return (await initChatModel(model, { modelProvider: provider as never, ...fields })) as unknown as BaseChatModel;
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

/** Read at each call, so that a mended key counts. */
function addressFields(provider: string, url: string | undefined, streams = false): object {
  if (provider === "ollama") return { baseUrl: ollamaUrl(url) };
  if (provider !== "openai") return {};
  if (url === undefined) return { configuration: { fetch: ownHostFetch() } };
  const apiKey = keyFor(url);
  const send = isOpenAi(url) ? ownHostFetch() : addressFetch(apiKey);
  // Some of OpenAI's model names make ChatOpenAI speak a newer protocol, which other servers lack.
  // Their client drops thinking that they call `reasoning`.
  const raw = streams ? {} : { __includeRawResponse: true };
  return { apiKey, configuration: { baseURL: url, fetch: send }, useResponsesApi: false, ...raw };
}

async function resolveLlama(model: string): Promise<ChatHandle> {
  const { openLlama } = await import("./llama/open.js");
  return openLlama(model);
}
