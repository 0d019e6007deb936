import type { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { CallbackManager, type Callbacks } from "@langchain/core/callbacks/manager";
import { hider, type Hide } from "./hide.js";
import { redact } from "./redact.js";
import { around, readsAlong } from "./tracers-only.js";

/** What tracers are not to see. */
export interface Untraced {
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
