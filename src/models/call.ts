import PQueue from "p-queue";
import pRetry from "p-retry";
import type { CopeError } from "../errors.js";
import type { LedgerEntry } from "../state/ledger.js";
import type { Message } from "../state/message.js";
import { classify, type Failure } from "./failure.js";
import type { Journal, JournalAttempt } from "./journal.js";
import { ledgerEntry } from "./ledger.js";
import type { PriceBook } from "./prices.js";
import { requestKey, type Tape } from "./tape.js";
import type { ChatHandle, Reply, Sampling } from "./types.js";
import { untilAborted, waitFor } from "./waiting.js";

/** One call as the graph wants it. */
export interface CallRequest {
  /** Unique in a thread: `turn/stage/index/purpose`. */
  call: string;
  role: string;
  stage: string;
  purpose: LedgerEntry["purpose"];
  messages: readonly Message[];
  sampling: Sampling;
}

/** Where and under which limits a call is made. */
export interface CallContext {
  model: ChatHandle;
  prices: PriceBook;
  /** Absent: this run is saved nowhere, so nothing is journaled. */
  thread?: string;
  /** The graph's own namespace, less the node's part: tells a subgraph's calls from its parent's. */
  namespace: string;
  turn: number;
  /** Attempts allowed, the first included. */
  attempts: number;
  callTimeoutMs: number;
  concurrency: number;
  /** The run's abort: rethrown, never made a failed sample. */
  signal?: AbortSignal;
  /** Aborts when the run's time is up: makes a failed sample, so that the best answer so far survives. */
  deadline?: AbortSignal;
}

/** What became of a call: a reply, or why there is none; and a ledger row for every attempt. */
export interface CallOutcome {
  reply?: Reply;
  failed?: { code: string; message: string };
  entries: LedgerEntry[];
}

/** The one door to a model. */
export type Caller = (request: CallRequest, context: CallContext) => Promise<CallOutcome>;

/** A failed attempt on its way through the retry loop. */
class AttemptFailed extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/**
 * Makes the door: retry with backoff and `Retry-After`, time limits, abort, concurrency, tape, journal and ledger are
 * here and nowhere else. A model failure after retries is data (`failed`); what only a person can mend is thrown.
 *
 * @throws CopeError AUTH_REJECTED, REQUEST_REJECTED, MODEL_NOT_FOUND and other errors that no retry mends
 */
export function createCaller({ journal, tape }: { journal: Journal; tape?: Tape }): Caller {
  const queue = new PQueue();
  // Eight samples meet one wrong key eight times. Thrown as one and the same error, it reaches the caller as itself and
  // not as a list of eight; the signal stands for the step they share.
  const fatals = new WeakMap<AbortSignal, CopeError>();

  return async function call(request, context) {
    queue.concurrency = context.concurrency;
    const asked = { model: context.model.identity, messages: request.messages, sampling: request.sampling };
    const { thread, namespace, turn } = context;
    const key = thread && { thread, namespace, turn, call: request.call, request: requestKey(asked) };
    const past = key ? await journal.read(key) : [];
    const record = (attempt: JournalAttempt) => (key ? journal.write(key, attempt) : undefined);
    const entry = (attempt: JournalAttempt) => ledgerEntry(attempt, request, context.model.identity, context.prices);
    const entries = past.map(entry);

    const settled = past.find(
      (attempt) => attempt.state === "answered" || (attempt.state === "failed" && attempt.final),
    );
    if (settled?.state === "answered") return { reply: settled.reply, entries };
    if (settled?.state === "failed") return { failed: settled.error, entries };

    const attempt = async (number: number): Promise<Reply> => {
      await record({ attempt: number, state: "intent" });
      const limits = [AbortSignal.timeout(context.callTimeoutMs), context.signal, context.deadline];
      const began = performance.now();
      try {
        const signal = AbortSignal.any(limits.filter((limit) => limit !== undefined));
        const reply = await untilAborted(context.model.ask(request.messages, request.sampling, signal), signal);
        const answered: JournalAttempt = { attempt: number, state: "answered", reply, cached: false };
        await record(answered);
        entries.push(entry(answered));
        return reply;
      } catch (error) {
        context.signal?.throwIfAborted();
        const failure = limits.some((limit) => limit?.aborted)
          ? timedOut(context)
          : classify(error, context.model.identity.model);
        const ms = Math.round(performance.now() - began);
        const final = !failure.retry || number >= past.length + context.attempts;
        const { code, message } = failure;
        const failed: JournalAttempt = { attempt: number, state: "failed", error: { code, message }, final, ms };
        // A fatal one is not journaled: the user mends it and resumes, and then it must be asked again.
        if (!failure.fatal) await record(failed);
        entries.push(entry(failed));
        throw new AttemptFailed(failure);
      }
    };

    const ask = () =>
      pRetry((number) => queue.add(() => attempt(past.length + number)), {
        retries: context.attempts - 1,
        minTimeout: 500,
        maxTimeout: 30_000,
        randomize: true,
        signal: context.signal,
        shouldRetry: ({ error }) => error instanceof AttemptFailed && error.failure.retry,
        onFailedAttempt: ({ error, retriesLeft }) =>
          retriesLeft > 0 && error instanceof AttemptFailed
            ? waitFor(error.failure.retryAfterMs, [context.signal, context.deadline])
            : undefined,
      });

    try {
      const { reply, cached } = tape ? await tape.once(asked, ask) : { reply: await ask(), cached: false };
      if (cached) entries.push(entry({ attempt: 1, state: "answered", reply, cached }));
      return { reply, entries };
    } catch (error) {
      context.signal?.throwIfAborted();
      if (!(error instanceof AttemptFailed)) throw error;
      const { fatal } = error.failure;
      if (fatal && context.signal && !fatals.has(context.signal)) fatals.set(context.signal, fatal);
      if (fatal) throw (context.signal && fatals.get(context.signal)) ?? fatal;
      return { failed: { code: error.failure.code, message: error.failure.message }, entries };
    }
  };
}

function timedOut({ deadline, callTimeoutMs }: CallContext): Failure {
  const late = deadline?.aborted ?? false;
  const message = late ? "the run's time was up" : `no answer within ${callTimeoutMs} ms`;
  return { code: "TIMEOUT", message, retry: !late };
}
