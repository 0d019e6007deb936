import { setTimeout as sleep } from "node:timers/promises";
import type PQueue from "p-queue";

/** The longest time a timer can hold, milliseconds (24.8 days); a longer one would go off at once. */
const LONGEST = 2 ** 31 - 1;

/** A signal that aborts after `ms` milliseconds: any positive number, also a fraction, or more than a timer can hold. */
export function timeLimit(ms: number): AbortSignal {
  return AbortSignal.timeout(Math.min(Math.ceil(ms), LONGEST));
}

/**
 * A time limit for one piece of work, to be called off when the work is done. Unlike `timeLimit`, which would hold on to
 * the work's messages until it goes off: at ten minutes a call, hundreds of megabytes of calls long answered.
 */
export function workLimit(ms: number): { signal: AbortSignal; callOff: () => void } {
  const limit = new AbortController();
  const late = () => limit.abort(new DOMException("The time limit is over.", "TimeoutError"));
  const timer = setTimeout(late, Math.min(Math.ceil(ms), LONGEST)).unref();
  return { signal: limit.signal, callOff: () => clearTimeout(timer) };
}

/** One signal of several, some of which may not be there. */
export function anyOf(signals: readonly (AbortSignal | undefined)[]): AbortSignal {
  return AbortSignal.any(signals.filter((signal) => signal !== undefined));
}

/** Ends the wait when `signal` aborts, whatever the work does: some clients ignore their signal. */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
    // Whichever lost the race may still reject, with nobody listening.
    work.catch(() => {});
    aborted.catch(() => {});
  }
}

/**
 * Does `work` when the queue has a place for it, unless `signal` aborts before: then it leaves the queue and is never
 * begun. Work that has begun ends by itself, or its outcome would be lost.
 *
 * @throws the signal's reason, and what `work` throws
 */
export async function inTurn<T>(queue: PQueue, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  // Not the signal itself, which the queue would obey also while the work is under way.
  const leaving = new AbortController();
  const leave = () => leaving.abort(signal.reason);
  if (signal.aborted) leave();
  signal.addEventListener("abort", leave, { once: true });
  const stay = () => signal.removeEventListener("abort", leave);
  const begin = () => {
    stay();
    return work();
  };
  try {
    return await queue.add(begin, { signal: leaving.signal });
  } finally {
    stay();
  }
}

/**
 * Waits `ms` milliseconds, or until one of the signals aborts. Keeps the process alive meanwhile: timers of
 * `AbortSignal.timeout` do not, and a run that waits for a server's `Retry-After` has nothing else that would.
 */
export async function waitFor(ms: number, ends: readonly (AbortSignal | undefined)[]): Promise<void> {
  await sleep(Math.min(ms, LONGEST), undefined, { signal: anyOf(ends) }).catch(() => {});
}
