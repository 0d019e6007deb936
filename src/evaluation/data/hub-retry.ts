import { setTimeout as sleep } from "node:timers/promises";
import { CopeError, isCode } from "../../errors.js";
import { statusOf } from "../../models/error-parts.js";
import { classify } from "../../models/failure.js";

/** How often and how long the hub is asked again. */
export interface RetryOptions {
  /** Attempts in all. @default 5 */
  attempts?: number;
  /** Milliseconds before the second attempt, doubled each time, where the server names no time. @default 500 */
  waitMs?: number;
  signal?: AbortSignal;
}

/**
 * Asks the hub, and again where another attempt may succeed: it is busy (429), failed (5xx), or the connection broke.
 *
 * @param what - what is asked for, as a person would name it
 * @param byHand - what a user without the hub can do instead: the end of every remedy
 * @throws CopeError `FILE_NOT_FOUND` (404), `KEY_MISSING`, `AUTH_REJECTED`, `RATE_LIMITED`, `SERVER_FAILED`,
 *   `CONNECTION_LOST`, `NETWORK_UNREACHABLE`, `TIMEOUT`, `REQUEST_REJECTED`; the signal's reason when aborted.
 */
export async function askHub<T>(
  what: string,
  byHand: string,
  ask: () => Promise<T>,
  { attempts = 5, waitMs = 500, signal }: RetryOptions,
): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await ask();
    } catch (error) {
      signal?.throwIfAborted();
      const { coded, retry, retryAfterMs } = explain(error, what, byHand);
      if (!retry || tried >= attempts) throw coded;
      await sleep(retryAfterMs ?? waitMs * 2 ** (tried - 1), undefined, { signal }).catch(() => undefined);
      signal?.throwIfAborted();
    }
  }
}

interface Explained {
  coded: CopeError;
  retry: boolean;
  retryAfterMs?: number;
}

function explain(error: unknown, what: string, byHand: string): Explained {
  const status = statusOf(error);
  const said = CopeError.isInstance(error) ? error.reason : undefined;
  const coded = (code: string, reason: string, remedy: string) =>
    new CopeError(isCode(code) ? code : "PULL_FAILED", `${what}: ${reason}`, `${remedy} Or ${byHand}`, {
      cause: error,
    });
  if (CopeError.isInstance(error) && status === undefined) {
    // Full disks, wrong checksums and the like say it best themselves.
    const away = error.code === "NETWORK_UNREACHABLE";
    return { coded: away ? coded(error.code, error.reason, error.remedy) : error, retry: false };
  }
  if (status === 404) {
    return { coded: coded("FILE_NOT_FOUND", "the hub has nothing of that name.", "check the name."), retry: false };
  }
  if (status === 401 || status === 403) {
    const code = process.env["HF_TOKEN"] ? "AUTH_REJECTED" : "KEY_MISSING";
    const remedy = "set HF_TOKEN to a token that may read it, and check the name: the hub answers alike for both.";
    return { coded: coded(code, `the hub answered ${status}.`, remedy), retry: false };
  }
  // Its own retries are over, or were none: judged anew by status.
  const failure = classify(said === undefined ? error : { status, message: said }, "the hub");
  // Who has no network is told at once.
  const retry = failure.retry && failure.code !== "NETWORK_UNREACHABLE";
  const remedy = failure.retry ? "check the network and try again: it goes on where it stopped." : "check the name.";
  return { coded: coded(failure.code, failure.message, remedy), retry, retryAfterMs: failure.retryAfterMs };
}
