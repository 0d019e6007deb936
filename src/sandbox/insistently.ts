import { setTimeout as wait } from "node:timers/promises";
import { StartFailed } from "./python-process.js";

/** Starts that are tried before a sandbox counts as failed. */
export const ATTEMPTS = 5;
/** Before the second attempt, ms; each later pause is twice the one before. */
const PAUSE = 50;

/**
 * Starts a process, again where the start itself fails: a machine that is short of processes or memory may have some soon.
 *
 * @param options - `unless`: what a failure says that trying again does not mend; `signal`: ends the trying
 * @throws the last StartFailed; the signal's reason
 */
export async function insistently<T>(
  start: () => Promise<T>,
  { unless, signal }: { unless?: RegExp; signal?: AbortSignal | undefined } = {},
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await start();
    } catch (error) {
      const isLast = attempt === ATTEMPTS || !(error instanceof StartFailed) || unless?.test(error.message);
      if (isLast) throw error;
    }
    await wait(PAUSE * 2 ** (attempt - 1));
  }
}
