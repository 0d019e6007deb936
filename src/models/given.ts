import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { CopeError } from "../errors.js";
import { UNKNOWN, type Ability, type AbilityName } from "./abilities.js";
import { ask, OLLAMA_REMEDY, toolsByClass } from "./ask.js";
import { declaredOf } from "./declared.js";
import { requireSame } from "./llama/identity.js";
import { isLocal } from "./local.js";
import { ollamaUrl } from "./ollama-v1.js";
import { probe, type ProbedServer } from "./probe.js";
import { askHeeding, constructorFields, takenBy, type BuildContext, type Refusable } from "./providers.js";
import type { ModelName } from "../state/options.js";
import { identityOf as identityOfSpec, isOpenAi, isTrusted, openAiUrl } from "./spec.js";
import { thinksByOptions } from "./thinking/models.js";
import type { ChatHandle, ModelIdentity, Sampling } from "./types.js";

/** Builds a chat model for a sampling. A new one each time: two calls that share one may end each other. */
export type ModelFunction = (sampling: Sampling) => BaseChatModel | Promise<BaseChatModel>;

/** A model as options take it: `"provider:model"`, a chat model, or a function that builds one for a sampling. */
export type ModelLike = ModelName | BaseChatModel | ModelFunction;

/** True for LangChain chat models, also from another copy of the package. */
export function isChatModel(value: unknown): value is BaseChatModel {
  return (
    value instanceof BaseChatModel ||
    (typeof value === "object" && value !== null && typeof (value as any)._generate === "function")
  );
}

type Build = (sampling: Sampling, call?: BuildContext) => BaseChatModel | Promise<BaseChatModel>;

/** Any sampling: to look at what is built, never to call it. */
const PROBE: Sampling = { temperature: 0.5, maxTokens: 1, seed: 0 };

/**
 * A handle for a model the caller built. Samples need a temperature and a seed of their own: a model at temperature 0
 * would agree with itself eight times and every answer would be accepted. So a model that has a `temperature` is built
 * again from its own constructor's fields with ours laid over them; others get sampling as call options only.
 */
export async function given(model: BaseChatModel | ModelFunction): Promise<ChatHandle> {
  const build: Build =
    typeof model === "function"
      ? async (sampling, { streams } = {}) => quiet(await bare(built(await model(sampling))), streams)
      : rebuilder(await bare(model));
  const sample = typeof model === "function" ? await build(PROBE) : await bare(model);
  warnOfRetries(sample);
  // An embedded model is known by its weights, too: a tape must not replay what others have drawn.
  const own: unknown = (sample as any).identity;
  const identify = typeof own === "function" ? async () => (await own.call(sample)) as ModelIdentity : undefined;
  const identity = identify ? await identify() : identityOf(sample);
  const requireOpened = async () => identify && requireSame(identity, await identify());
  const embed = embedOf(sample, requireOpened);
  const thinks = thinksByOptions(sample, identity.model);
  const refused = new Set<Refusable>(thinks?.refuses);
  return {
    identity,
    local: isLocal({ ...identity, url: (sample as any).baseUrl }),
    ...(embed ? { embed } : {}),
    ...(thinks ? { thinks } : {}),
    ability: (name, signal) => abilityOf(sample, name, signal),
    ask: async (messages, sampling, signal, tools, onToken) => {
      await requireOpened();
      return askHeeding(refused, async () => {
        const fresh = await build(sampling, { signal, streams: onToken !== undefined, refused });
        return ask(fresh, messages, takenBy(identity, sampling, refused), signal, tools, onToken);
      });
    },
  };
}

/** What a function of the caller's built. @throws CopeError `OPTIONS_INVALID` where it is no chat model */
function built(model: unknown): BaseChatModel {
  if (isChatModel(model)) return model;
  const kind = model === null ? "null" : typeof model;
  throw new CopeError(
    "OPTIONS_INVALID",
    `a function that builds a model returned ${kind}.`,
    "return a LangChain chat model: (sampling) => new ChatOpenAI({ model, … }).",
  );
}

/** A model that was built for one call: nobody reads its drafts along, though `messages` streams would make it stream them. */
function quiet(model: BaseChatModel, streams = false): BaseChatModel {
  if (!streams) model.disableStreaming = true;
  return model;
}

/** The model's own vectors, where its class has them as `ChatLlama` does. Tokens are told only where they are exact. */
function embedOf(model: BaseChatModel, before: () => Promise<void>): ChatHandle["embed"] {
  const { embed } = model as unknown as { embed?: (text: string) => Promise<number[]> };
  if (typeof embed !== "function") return undefined;
  const counts = declaredAbility(model, "tokenCount")?.has === true;
  return async (text) => {
    await before();
    return { vector: await embed.call(model, text), inputTokens: counts ? await model.getNumTokens(text) : null };
  };
}

/** What `initChatModel` returns holds the chat model itself, which alone knows its name and fields. */
export async function bare(model: BaseChatModel): Promise<BaseChatModel> {
  const open: unknown = (model as any)._getModelInstance;
  return typeof open === "function" ? ((await open.call(model)) as BaseChatModel) : model;
}

/** What a chat model can do: as declared, else as its server says, where the instance shows which one that is. */
async function abilityOf(model: BaseChatModel, name: AbilityName, signal?: AbortSignal): Promise<Ability> {
  const identity = identityOf(model);
  const kind = model.getName();
  const server = serverOf(model, identity.model);
  const known = declaredAbility(model, name);
  if (known) return known;
  // A class may say more of itself, as ChatLlama does.
  const own = await (model as { ability?: (of: AbilityName) => Promise<Ability | undefined> }).ability?.(name);
  if (own) return own;
  if (kind === "ChatOllama")
    return probe({ url: `${ollamaUrl((model as any).baseUrl)}/v1`, ...identity }, name, signal);
  if (name === "tools" && !server) return toolsByClass(model);
  if (!server) return { ...UNKNOWN, why: `nothing is known of ${kind}` };
  return probe(server, name, signal);
}

/** What is sure of a chat model without asking its server; undefined where nothing is. */
export function declaredAbility(model: BaseChatModel, name: AbilityName): Ability | undefined {
  const identity = identityOf(model);
  if (name === "logprobs" && model.getName() === "ChatOllama") {
    return {
      has: false,
      from: "declared",
      why: "Ollama's own client drops them",
      remedy: OLLAMA_REMEDY,
    };
  }
  const server = serverOf(model, identity.model);
  return declaredOf(identity, name, server === undefined ? identity.provider !== "openai" : isOpenAi(server.url));
}

/** Where a ChatOpenAI sends its requests; of other classes it is not known. */
function serverOf(model: BaseChatModel, name: string): ProbedServer | undefined {
  if (model.getName() !== "ChatOpenAI") return undefined;
  const { baseURL, apiKey, defaultHeaders, fetch: send } = (model as any).clientConfig ?? {};
  const url = String(baseURL || openAiUrl()).replace(/\/+$/, "");
  // What the instance was built with, the environment's key included: no other goes to its address.
  const own = (model as any).apiKey ?? apiKey;
  return {
    url,
    model: name,
    ...(typeof own === "string" ? { key: own } : {}),
    ...(isPlainHeaders(defaultHeaders) ? { headers: defaultHeaders } : {}),
    ...(typeof send === "function" ? { fetch: send } : {}),
  };
}

function isPlainHeaders(headers: unknown): headers is Record<string, string> {
  return (
    typeof headers === "object" &&
    headers !== null &&
    Object.values(headers).every((value) => typeof value === "string")
  );
}

function rebuilder(model: BaseChatModel): Build {
  if (!("temperature" in model)) return () => model;
  const identity = identityOf(model);
  const make = model.constructor as new (fields: object) => BaseChatModel;
  // ChatOpenAI keeps in lc_kwargs only what it would write to a file, and all of it in `fields`. Its inner clients are
  // made anew; maxCompletionTokens would beat our maxTokens.
  const own = { ...model.lc_kwargs, ...(model as any).fields };
  for (const name of ["completions", "responses", "maxCompletionTokens"]) delete own[name];
  const build: Build = (sampling, call = {}) => {
    const { fetch: send, modelKwargs } = own;
    const context = {
      refused: new Set(thinksByOptions(model, identity.model)?.refuses),
      ...call,
      fetch: send,
      modelKwargs,
    };
    return new make({ ...own, ...constructorFields(identity, sampling, context) });
  };
  if (isLike(build, model)) return build;
  warn(
    "COPE_OWN_TEMPERATURE",
    `${model.getName()} cannot be built again from its fields, so it is asked at its own temperature. Pass a function (sampling) => chat model.`,
  );
  return () => model;
}

/** Whether a class takes its fields as one object, as LangChain's do; a class of one's own may take anything. */
function isLike(build: Build, model: BaseChatModel): boolean {
  try {
    const other = build(PROBE) as BaseChatModel;
    const kept = Object.entries(model).every(([key, value]) => typeof value !== "function" || isFunction(other, key));
    const identity = identityOf(model);
    const { temperature } = takenBy(identity, PROBE, new Set(thinksByOptions(model, identity.model)?.refuses));
    const heeds = temperature === undefined || (other as any).temperature === temperature;
    return kept && heeds && identityOf(other).model === identityOf(model).model;
  } catch {
    return false;
  }
}

const isFunction = (object: object, key: string) => typeof (object as any)[key] === "function";

function identityOf(model: BaseChatModel): ModelIdentity {
  const about = model.getLsParams?.({} as never);
  const name = String(about?.ls_model_name ?? (model as any).model ?? model.getName());
  const provider = about?.ls_provider ?? model.getName();
  const url = provider === "openai" ? (model as any).clientConfig?.baseURL : undefined;
  const elsewhere = typeof url === "string" && !isTrusted(url) ? { url: url.replace(/\/+$/, "") } : {};
  return identityOfSpec({ provider, model: name, ...elsewhere });
}

function warnOfRetries(model: BaseChatModel): void {
  if (!(Number(model.lc_kwargs?.["maxRetries"]) > 0)) return;
  warn(
    "COPE_OWN_RETRIES",
    `${model.getName()} has retries of its own: attempts are counted here (option \`attempts\`), its own may be in no ledger and no budget. Build it with maxRetries: 0.`,
  );
}

const warned = new Set<string>();

/** Once a process and wording. */
function warn(code: string, message: string): void {
  if (warned.has(message)) return;
  warned.add(message);
  process.emitWarning(message, { code });
}
