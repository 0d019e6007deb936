import { CallbackManager, type CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import type { CopeOptions } from "../graph/options.js";
import { blind } from "../models/hidden-traces.js";
import type { CopeChatModelFields } from "./chat-options.js";

/** Callbacks of its own, which hear of every call, and see as little of what is private as those of a call. */
export function blinded({ callbacks }: Pick<CopeChatModelFields, "callbacks">, { private: texts = [] }: CopeOptions) {
  if (texts.length === 0 || !Array.isArray(callbacks)) return {};
  return { callbacks: callbacks.map((handler) => blind(handler, { texts, pieces: true })) };
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
