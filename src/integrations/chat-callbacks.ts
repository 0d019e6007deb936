import { CallbackManager, type CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import type { Runnable, RunnableConfig } from "@langchain/core/runnables";
import type { CopeOptions } from "../graph/options.js";
import { blind, hiddenTraces } from "../models/hidden-traces.js";
import type { CopeChatModelFields } from "./chat-options.js";

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
