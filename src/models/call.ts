import PQueue from "p-queue";
import { CopeError, type CopeErrorCode } from "../errors.js";
import type { LedgerEntry } from "../state/ledger.js";
import type { Message } from "../state/message.js";
import type { ToolSpec } from "../state/tool.js";
import { attempt, runOver, type AttemptContext } from "./attempt.js";
import { attemptsLeft } from "./attempts-left.js";
import type { Failure } from "./failure.js";
import type { Hide } from "./hide.js";
import type { Journal, JournalAttempt } from "./journal.js";
import { ledgerEntry } from "./ledger.js";
import type { PriceBook } from "./prices.js";
import { requestKey, type Tape } from "./tape.js";
import { streamCut, telling } from "./telling.js";
import { cutAtStop, separated } from "./thinking/reply.js";
import { pricedModel, type Reply, type Sampling } from "./types.js";
import { anyOf, inTurn, untilAborted, waitFor } from "./waiting.js";

/** One call as the graph wants it. */
export interface CallRequest {
  /** Unique in a thread: `turn/stage/index/purpose`. */
  call: string;
  role: string;
  stage: string;
  purpose: LedgerEntry["purpose"];
  messages: readonly Message[];
  sampling: Sampling;
  /** Tools it may call. @default none */
  tools?: readonly ToolSpec[];
  /** Strings that end the visible text of a model that thinks: to such a model they are not sent. @default none */
  cutAt?: readonly string[];
}

/** Where and under which limits a call is made. */
export interface CallContext extends AttemptContext {
  prices: PriceBook;
  /** Absent: this run is saved nowhere, so nothing is journaled. */
  thread?: string;
  /** The graph's own namespace, less the node's part: tells a subgraph's calls from its parent's. */
  namespace: string;
  turn: number;
  /** Attempts allowed, the first included. */
  attempts: number;
  /** The run has a limit in dollars, calls or tokens: attempts lost at a crash count, since they may have been billed. */
  budgeted?: boolean;
  /** Calls under way at once, of one run; of all calls that name no run and have the same limit. */
  concurrency: number;
  /** Which run a call belongs to. */
  run?: string;
}

/** What became of a call: a reply, or why there is none; and a ledger row for every attempt. */
export interface CallOutcome {
  reply?: Reply;
  /** `runOver`: the run's own time was up, which says nothing of the model. */
  failed?: { code: string; message: string; runOver?: true };
  entries: LedgerEntry[];
}

/** The one door to a model. */
export type Caller = (request: CallRequest, context: CallContext) => Promise<CallOutcome>;

/** A call that failed for good, on its way past the tape. */
class CallFailed extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** Every attempt that the budget allows for was under way when a process died. */
const ALL_LOST = {
  code: "BUDGET_TOO_SMALL",
  message: "it was under way when the process died, and the budget allows for no further attempt",
} satisfies CallOutcome["failed"] & { code: CopeErrorCode };

/** The wait before a second attempt doubles with each further one, up to this many milliseconds. */
const LONGEST_BACKOFF_MS = 30_000;

/** What the door is made of. */
export interface CallerParts {
  journal: Journal;
  tape?: Tape;
  /** Hides private texts in what failed. @default hides none */
  hide?: Hide;
  /** Calls under way at once to one model in this process. @default no limit */
  maxConcurrency?: number;
  /** Milliseconds before the second attempt, at least; a server's `Retry-After` is obeyed when longer. @default 500 */
  retryWaitMs?: number;
}

/** Calls under way to each model, of all cascades of this process with the same limit. */
const modelQueues = new Map<string, PQueue>();

/** Work in the queue of a name, which is made when it is needed and goes when nobody is in it. */
async function inQueue<T>(
  queues: Map<string, PQueue>,
  { key, concurrency, ends }: { key: string; concurrency: number; ends: AbortSignal },
  work: () => Promise<T>,
): Promise<T> {
  const queue = queues.get(key) ?? new PQueue({ concurrency });
  queues.set(key, queue);
  try {
    return await inTurn(queue, work, ends);
  } finally {
    if (queue.size === 0 && queue.pending === 0) queues.delete(key);
  }
}

/**
 * Makes the door: retry with backoff and `Retry-After`, time limits, abort, concurrency, tape, journal and ledger are
 * here and nowhere else. A model failure after retries is data (`failed`); what only a person can mend is thrown.
 *
 * @throws CopeError AUTH_REJECTED, REQUEST_REJECTED, MODEL_NOT_FOUND and other errors that no retry mends; STREAM_CUT where a
 * text breaks off that was being streamed; what journal and tape throw; the reason of the run's signal
 */
export function createCaller({ journal, tape, hide, maxConcurrency, retryWaitMs = 500 }: CallerParts): Caller {
  // One for each run: a run neither waits for another nor takes its turns.
  const queues = new Map<string, PQueue>();
  const inRunsTurn = <T>({ run = "", concurrency }: CallContext, work: () => Promise<T>, ends: AbortSignal) =>
    inQueue(queues, { key: JSON.stringify([run, concurrency]), concurrency, ends }, work);
  const inModelsTurn = <T>({ model }: CallContext, work: () => Promise<T>, ends: AbortSignal) => {
    if (maxConcurrency === undefined) return work();
    const key = JSON.stringify([model.identity, maxConcurrency]);
    return inQueue(modelQueues, { key, concurrency: maxConcurrency, ends }, work);
  };
  // Eight samples meet one wrong key eight times. Thrown as one and the same error, it reaches the caller as itself and
  // not as a list of eight; the signal stands for the step they share.
  const fatals = new WeakMap<AbortSignal, Fatal>();

  return async function call(request, context) {
    const { messages, sampling, tools } = request;
    const asked = { model: pricedModel(context.model), messages, sampling, ...(tools ? { tools } : {}) };
    const { thread, namespace, turn, signal, deadline } = context;
    const key = thread && { thread, namespace, turn, call: request.call, request: requestKey(asked) };
    const past = key ? await journal.read(key) : [];
    const entry = (made: JournalAttempt) => ledgerEntry(made, request, pricedModel(context.model), context.prices);
    const entries = past.map(entry);
    const record = async (made: JournalAttempt) => {
      if (key) await journal.write(key, made);
      if (made.state !== "intent") entries.push(entry(made));
    };

    // What an earlier version recorded holds its thinking in its text.
    const entered = (reply: Reply) =>
      request.purpose === "embed" ? reply : cutAtStop(separated(reply, context.model.thinks?.begun), request.cutAt);

    const settled = past.find((made) => made.state === "answered" || (made.state === "failed" && made.final));
    if (settled?.state === "answered") return { reply: entered(settled.reply), entries };
    if (settled?.state === "failed") return { failed: settled.error, entries };
    const first = past.length + 1;
    const allowed = attemptsLeft(past, context.attempts, context.budgeted ?? false);
    if (allowed === 0) return { failed: ALL_LOST, entries };

    let cut: CopeError | undefined;
    const askOnce = async (number: number, isLast: boolean): Promise<Reply | Failure> => {
      const over = runOver(context);
      if (over) return over;
      await record({ attempt: number, state: "intent" });
      // What a stop string cuts is told when it is whole.
      const told = request.cutAt ? undefined : context.onToken && telling(context.onToken);
      const made = await attempt(request, { ...context, onToken: told?.onToken, ...(hide ? { hide } : {}) });
      told?.end();
      if ("reply" in made) {
        await record({ attempt: number, state: "answered", reply: made.reply, cached: false });
        return made.reply;
      }
      const { failure, ms } = made;
      if (told?.said) cut = streamCut(told.said, failure);
      // Settled is what a resumed run would meet again. Not: a fatal failure, which a person mends first, and a run's own
      // end. An abort leaves the intent: the provider may have billed it.
      // Neither is a text that broke off: nothing else may answer, so a resumed run asks for it again.
      const final = (isLast || !failure.retry) && !failure.fatal && !failure.runOver && !cut;
      const error = { code: failure.code, message: failure.message };
      const failed: JournalAttempt = { attempt: number, state: "failed", error, final, ms };
      if (!signal?.aborted) await record(failed);
      // But not where the call that ended the step showed that this one is refused, too. Nobody waits for this any more.
      else if (fatals.get(signal)?.refused === request.role) await record(failed).catch(() => {});
      if (cut && !signal?.aborted) throw cut;
      return failure;
    };

    const ask = async (): Promise<Reply> => {
      for (let nth = 0; ; nth++) {
        const isLast = nth + 1 >= allowed;
        const ends = anyOf([signal, deadline]);
        const made = await inRunsTurn(
          context,
          () => inModelsTurn(context, () => askOnce(first + nth, isLast), ends),
          ends,
        );
        if ("text" in made) return made;
        if (isLast || !made.retry) throw new CallFailed(made);
        // Spread by the seed, so that siblings that failed together do not come back together.
        const backoff = retryWaitMs * 2 ** nth * (1 + (request.sampling.seed % 1000) / 1000);
        await waitFor(Math.max(Math.min(backoff, LONGEST_BACKOFF_MS), made.retryAfterMs ?? 0), [signal, deadline]);
      }
    };

    const throughTape = async (recorded: Tape): Promise<Reply> => {
      let mine = false;
      const reading = recorded.once(asked, () => {
        mine = true;
        return ask();
      });
      // Sharing another run's call, this one still ends when its own run does.
      const { reply, cached } = mine ? await reading : await untilAborted(reading, anyOf([signal, deadline]));
      if (cached) await record({ attempt: first, state: "answered", reply, cached });
      return reply;
    };

    for (;;) {
      try {
        return { reply: entered(tape ? await throughTape(tape) : await ask()), entries };
      } catch (error) {
        signal?.throwIfAborted();
        if (cut) throw cut;
        const failure = error instanceof CallFailed ? error.failure : runOver(context);
        // The text that broke off was another run's, whose call this one shared.
        if (CopeError.isInstance(error) && error.code === "STREAM_CUT") continue;
        // What a tape or a journal says no to, it says to all calls of a step.
        if (!failure)
          throw CopeError.isInstance(error) ? firstOf(fatals, signal, { error, refused: undefined }).error : error;
        // The run whose call this one shared is over; this one is not, and asks for itself.
        if (failure.runOver && !deadline?.aborted) continue;
        if (failure.fatal) {
          const refused = failure.refusesAll ? request.role : undefined;
          throw firstOf(fatals, signal, { error: failure.fatal, refused }).error;
        }
        const { code, message, runOver: over } = failure;
        return { failed: { code, message, ...(over ? { runOver: over } : {}) }, entries };
      }
    }
  };
}

/** What ended a step; `refused` is the role whose every call it would have met. */
interface Fatal {
  error: CopeError;
  refused: string | undefined;
}

/** The first fatal error of a step, for all its calls. */
function firstOf(fatals: WeakMap<AbortSignal, Fatal>, step: AbortSignal | undefined, fatal: Fatal): Fatal {
  if (!step) return fatal;
  const first = fatals.get(step) ?? fatal;
  fatals.set(step, first);
  return first;
}
