import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { ask } from "./ask.js";
import { constructorFields } from "./providers.js";
import type { ChatHandle, Sampling } from "./types.js";

/** A model as options take it: `"provider:model"`, a chat model, or a function that builds one for a sampling. */
export type ModelLike = string | BaseChatModel | ((sampling: Sampling) => BaseChatModel);

/** True for LangChain chat models, also from another copy of the package. */
export function isChatModel(value: unknown): value is BaseChatModel {
  return (
    value instanceof BaseChatModel ||
    (typeof value === "object" && value !== null && typeof (value as any)._generate === "function")
  );
}

/**
 * A handle for a model the caller built. Samples need a temperature and a seed of their own: a model at temperature 0
 * would agree with itself eight times and every answer would be accepted. So a model that has a `temperature` is built
 * again from its own constructor arguments with ours laid over them; others get sampling as call options only.
 */
export function given(model: BaseChatModel | ((sampling: Sampling) => BaseChatModel)): ChatHandle {
  const build = typeof model === "function" ? model : (sampling: Sampling) => withSampling(model, sampling);
  const sample = typeof model === "function" ? model({ temperature: 0, maxTokens: 1, seed: 0 }) : model;
  return {
    identity: identityOf(sample),
    ask: (messages, sampling, signal) => ask(build(sampling), messages, sampling, signal),
  };
}

function withSampling(model: BaseChatModel, sampling: Sampling): BaseChatModel {
  if (!("temperature" in model)) return warnOfRetries(model);
  const { provider } = identityOf(model);
  const rebuild = model.constructor as new (fields: object) => BaseChatModel;
  return new rebuild({ ...model.lc_kwargs, ...constructorFields(provider, sampling) });
}

function identityOf(model: BaseChatModel): { provider: string; model: string } {
  const about = model.getLsParams?.({} as never);
  const name = about?.ls_model_name ?? (model as any).model ?? model.getName();
  return { provider: about?.ls_provider ?? model.getName(), model: String(name) };
}

const warned = new WeakSet<object>();

function warnOfRetries(model: BaseChatModel): BaseChatModel {
  if (Number(model.lc_kwargs?.["maxRetries"] ?? 0) > 0 && !warned.has(model)) {
    warned.add(model);
    process.emitWarning(
      `${model.getName()} retries by itself: those attempts are in no ledger and no budget. Build it with maxRetries: 0.`,
      { code: "COPE_OWN_RETRIES" },
    );
  }
  return model;
}
