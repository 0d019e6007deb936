import { classify, type Failure } from "./failure.js";
import type { ChatHandle, ModelRequest, OnToken, Reply } from "./types.js";
import type { Hide } from "./hide.js";
import { anyOf, untilAborted, workLimit } from "./waiting.js";

/** Who is asked, and what ends the wait. */
export interface AttemptContext {
  model: ChatHandle;
  /** Milliseconds one attempt may take. */
  callTimeoutMs: number;
  /** The run's abort: rethrown, never made a failed sample. */
  signal?: AbortSignal;
  /** Aborts when the run's time is up: makes a failed sample, so that the best answer so far survives. */
  deadline?: AbortSignal;
  /** Hides private texts in what failed. @default hides none */
  hide?: Hide;
  /** Streams the text as it comes. Once a piece is out, that text is the answer, or the run ends in `STREAM_CUT`. */
  onToken?: OnToken;
}

/** What became of one request that was sent. */
export type Attempted = { reply: Reply } | { failure: Failure; ms: number };

/** Sends one request and waits for its end: an answer, a failure, the time limit, or the end of the run. Never throws. */
export async function attempt(
  { messages, sampling, tools }: Pick<ModelRequest, "messages" | "sampling" | "tools">,
  context: AttemptContext,
): Promise<Attempted> {
  const limit = workLimit(context.callTimeoutMs);
  const over = anyOf([limit.signal, context.signal, context.deadline]);
  const began = performance.now();
  // Before anything is cut to a length, or half a text might stay.
  const shown = context.hide ?? ((error: unknown) => error);
  try {
    return { reply: await untilAborted(context.model.ask(messages, sampling, over, tools, context.onToken), over) };
  } catch (error) {
    const ms = Math.round(performance.now() - began);
    if (runOver(context)) return { failure: runOver(context)!, ms };
    if (!limit.signal.aborted) return { failure: classify(shown(error), context.model.identity.model), ms };
    return { failure: { code: "TIMEOUT", message: `no answer within ${context.callTimeoutMs} ms`, retry: true }, ms };
  } finally {
    limit.callOff();
  }
}

/** A failure where the run itself is over, aborted or out of time. */
export function runOver({ signal, deadline }: AttemptContext): Failure | undefined {
  if (signal?.aborted) return { code: "ABORTED", message: "the run was aborted", retry: false, runOver: true };
  if (deadline?.aborted) return { code: "TIMEOUT", message: "the run's time was up", retry: false, runOver: true };
  return undefined;
}
