import type { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { CallbackManager, type Callbacks } from "@langchain/core/callbacks/manager";
import { AsyncLocalStorageProviderSingleton } from "@langchain/core/singletons";
import { type Hide, hider } from "./hide.js";
import { redact } from "./redact.js";

/** What tracers are not to see. */
interface Untraced {
  /** Hidden wherever they stand. */
  texts: readonly string[];
  /** Streamed pieces are not told either: a text may be cut in two by them. @default false */
  pieces?: boolean;
}

/**
 * Callbacks whose tracers, those that LangChain adds by the environment included, see `[private]` in the place of these texts, and
 * errors without what looks like a key. Who reads a stream along is no tracer: the user reads there what was answered.
 *
 * @param callbacks - default: those of the run around
 */
export function hiddenTraces(untraced: Untraced, callbacks: Callbacks | undefined = around()): CallbackManager {
  const manager =
    CallbackManager._configureSync(callbacks, undefined, undefined, undefined, undefined)?.copy() ??
    new CallbackManager();
  manager.handlers = manager.handlers.map((handler) => blind(handler, untraced));
  manager.inheritableHandlers = manager.inheritableHandlers.map((handler) => blind(handler, untraced));
  return manager;
}

/** Methods by which handlers are told of runs; tracers hear of their beginning by the second kind. */
const TOLD = /^(handle|_createRunFor)[A-Z]/;

/** The same handler, which sees less. */
export function blind<Handler extends object>(handler: Handler, untraced: Untraced): Handler {
  if (readsAlong(handler)) return handler;
  const hide = hider(untraced.texts);
  return new Proxy(handler, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function" || name === "constructor") return value;
      const method = value as (...args: unknown[]) => unknown;
      if (String(name).startsWith("copy"))
        return (...args: unknown[]) => blind(method.apply(target, args) as BaseCallbackHandler, untraced);
      if (!TOLD.test(String(name))) return method.bind(target);
      return (...args: unknown[]) => method.apply(target, seen(String(name), args, untraced, hide));
    },
  });
}

function seen(name: string, args: unknown[], { pieces = false }: Untraced, hide: Hide): unknown[] {
  if (pieces && name === "handleLLMNewToken") return ["", ...args.slice(1, 5)];
  const [first, ...others] = args.map(hide);
  return [name.endsWith("Error") ? unkeyed(first) : first, ...others];
}

/** An error's text and stack, less what looks like a key. */
function unkeyed(error: unknown): unknown {
  if (!(error instanceof Error)) return typeof error === "string" ? redact(error) : error;
  const shown = Object.create(error) as Error;
  for (const name of ["message", "stack"] as const)
    Object.defineProperty(shown, name, { value: redact(error[name] ?? "") });
  return shown;
}

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
const around = (): Callbacks | undefined => AsyncLocalStorageProviderSingleton.getRunnableConfig()?.callbacks;

/** By LangChain's own marks for such handlers. */
const readsAlong = (handler: object): boolean =>
  ["lc_prefer_streaming", "lc_prefer_chat_model_stream_events"].some(
    (mark) => mark in handler && Boolean((handler as any)[mark]),
  );
