import { CallbackManager, type Callbacks } from "@langchain/core/callbacks/manager";
import { AsyncLocalStorageProviderSingleton } from "@langchain/core/singletons";

/**
 * Callbacks without those that hand pieces of texts on to somebody who reads along (`messages` streams, `streamEvents`):
 * tracing keeps seeing the call, and no model is made to stream for them.
 *
 * @param callbacks - default: those of the run around
 */
export function tracersOnly(callbacks: Callbacks | undefined = around()): { callbacks: CallbackManager } {
  const manager =
    CallbackManager._configureSync(callbacks, undefined, undefined, undefined, undefined)?.copy() ??
    new CallbackManager();
  for (const handler of manager.handlers.filter(readsAlong)) manager.removeHandler(handler);
  return { callbacks: manager };
}

/** Callbacks of the run around. */
export const around = (): Callbacks | undefined => AsyncLocalStorageProviderSingleton.getRunnableConfig()?.callbacks;

/** By LangChain's own marks for such handlers. */
export const readsAlong = (handler: object): boolean =>
  ["lc_prefer_streaming", "lc_prefer_chat_model_stream_events"].some(
    (mark) => mark in handler && Boolean((handler as any)[mark]),
  );
