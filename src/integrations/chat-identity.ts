import { randomUUID } from "node:crypto";
import { CallbackManager, type CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import type { Runnable, RunnableConfig } from "@langchain/core/runnables";
import { readCalibration } from "../graph/calibration.js";
import type { CopeOptions } from "../graph/options.js";
import { ollamaUrl } from "../models/local.js";
import { canonicalJson } from "../calls/request-key.js";
import { EMBEDDED } from "../models/roles.js";
import { openAiUrl, serverMark } from "../models/spec.js";
import { blind, hiddenTraces } from "../privacy/traces.js";
import { stagesOf } from "./cascade.js";
import type { CopeChatModelFields } from "./chat-options.js";

const PROCESS = randomUUID();
const marks = new WeakMap<object, string>();
let count = 0;

/**
 * Names an object or a function within this process. Neither its source nor its fields tell what it does, and its fields may
 * hold a key: so the very same one alone counts as the same.
 */
function markOf(part: object): string {
  const mark = marks.get(part) ?? `${PROCESS}/${++count}`;
  marks.set(part, mark);
  return mark;
}

const told = (part: unknown): unknown =>
  (typeof part === "object" && part !== null) || typeof part === "function" ? markOf(part) : part;

/**
 * All that decides what a cascade with these options answers, as JSON without keys and without private texts. What is data is
 * told as it is, so that other processes know it again; objects and functions by a mark of this process.
 *
 * @throws CopeError what reading a calibration throws
 */
export function chatIdentity(options: CopeOptions): () => string {
  const { private: _private, journal: _journal, stages: _stages, small, large, ...others } = options;
  const { models, family, scorer, same, prompts, embeddings, tape, calibration, ...data } = others;
  const roles = { ...EMBEDDED, ...models, ...(small ? { small } : {}), ...(large ? { large } : {}) };
  const parts = {
    ...data,
    stages: stagesOf(options),
    calibration: calibration === undefined ? undefined : readCalibration(calibration),
    models: Object.fromEntries(Object.entries(roles).map(([role, model]) => [role, told(model)])),
    ...Object.fromEntries(
      Object.entries({ family, scorer, same, prompts, embeddings, tape }).map(([name, part]) => [name, told(part)]),
    ),
  };
  // Names without an address are asked where the environment says, which may change.
  return () => canonicalJson({ ...parts, servers: [openAiUrl(), ollamaUrl(undefined)].map(serverMark) });
}

/** Callbacks of its own, which hear of every call, and see as little of what is private as those of a call. */
export function blinded({ callbacks }: Pick<CopeChatModelFields, "callbacks">, { private: texts = [] }: CopeOptions) {
  if (texts.length === 0 || !callbacks) return {};
  const one = <Handler extends object>(handler: Handler): Handler => blind(handler, { texts, pieces: true });
  if (Array.isArray(callbacks)) return { callbacks: callbacks.map(one) };
  const manager = callbacks.copy();
  manager.handlers = manager.handlers.map(one);
  manager.inheritableHandlers = manager.inheritableHandlers.map(one);
  return { callbacks: manager };
}

/** The same chain, whose traces show `[private]` in the place of these texts. It is changed. */
export function blindChain<Chain extends Runnable>(chain: Chain, texts: readonly string[]): Chain {
  if (texts.length === 0) return chain;
  const traced = <Config extends Partial<RunnableConfig>>(config?: Config) =>
    ({ ...config, callbacks: hiddenTraces({ texts, pieces: true }, config?.callbacks) }) as Config;
  const [invoke, stream, batch] = [chain.invoke.bind(chain), chain.stream.bind(chain), chain.batch.bind(chain)];
  chain.invoke = (input, config) => invoke(input, traced(config));
  chain.stream = (input, config) => stream(input, traced(config));
  chain.batch = ((inputs: unknown[], config?: RunnableConfig | RunnableConfig[], how?: object) =>
    batch(inputs, Array.isArray(config) ? config.map(traced) : traced(config), how)) as typeof chain.batch;
  return chain;
}

/** Callbacks for what is done within a call: LangChain makes them for chains, and of a model expects no more calls. */
export function under(run: CallbackManagerForLLMRun): CallbackManager {
  const { inheritableHandlers, inheritableTags, inheritableMetadata } = run as unknown as Partial<CallbackManager>;
  const manager = new CallbackManager(run.runId);
  manager.setHandlers([...(inheritableHandlers ?? [])]);
  manager.addTags([...(inheritableTags ?? [])]);
  manager.addMetadata({ ...inheritableMetadata });
  return manager;
}
