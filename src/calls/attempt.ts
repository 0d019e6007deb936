import type { Hide } from "../privacy/hide.js";
import type { JournalAttempt } from "../storage/journal.js";
import { CopeError } from "../errors.js";
import { classify, type Failure, UNBILLED } from "./failure.js";
import type { ChatHandle, ModelRequest, OnToken, Reply } from "./types.js";
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
type Attempted = { reply: Reply } | { failure: Failure; ms: number };

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

/**
 * How many attempts at a call may still be made after those on record, of `granted` for the wave.
 *
 * A lost attempt may never have been sent, so without a budget it uses up none, and one more is always made. With a
 * budget it counts as sent and billed, and nothing is sent above what the wave was granted: a process that is killed and
 * resumed over and over would pay for its calls under way each time. What nobody bills leaves room for one more, since a
 * refused key was mended meanwhile.
 */
export function attemptsLeft(past: readonly JournalAttempt[], granted: number, budgeted: boolean): number {
  const failed = past.filter((made) => made.state === "failed");
  const lost = past.filter((made) => made.state === "intent").length;
  if (!budgeted) return Math.max(1, granted - failed.length);
  const mayBeBilled = lost > 0 || failed.some(({ error }) => !UNBILLED.has(error.code));
  return Math.max(mayBeBilled ? 0 : 1, granted - failed.length - lost);
}

/** What one attempt hands on of its text. Nothing until there is something to see, and nothing once it is over. */
interface Telling {
  onToken: OnToken;
  /** All that was handed on; "" as long as another attempt may still be made. */
  readonly said: string;
  end(): void;
}

/** Hands pieces on to `onToken`, the first with all the white space before it. */
export function telling(onToken: OnToken): Telling {
  let held = "";
  let said = "";
  let open = true;
  return {
    onToken(piece) {
      if (!open) return;
      held += piece;
      if (said === "" && held.trim() === "") return;
      onToken(held);
      said += held;
      held = "";
    },
    get said() {
      return said;
    },
    end: () => void (open = false),
  };
}

/** The error for a text that broke off when some of it had been shown: neither can it be taken back nor completed. */
export function streamCut(partial: string, { code, message }: Failure): CopeError {
  return new CopeError(
    "STREAM_CUT",
    `the answer broke off after ${partial.length} characters (${code}): ${message}`,
    "ask again; what came is in the error's `partial`.",
    { partial },
  );
}
