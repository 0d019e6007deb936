import { setTimeout as wait } from "node:timers/promises";
import { CopeError } from "../errors.js";
import { findSandbox } from "./find.js";
import { StartFailed, type PythonProcess, type Start } from "./python-process.js";
import type { RunOptions } from "./types.js";

const ATTEMPTS = 5;
/** Before the second attempt, ms; each later pause is twice the one before. */
const PAUSE = 50;

/**
 * Starts a Python process; a start that fails is the sandbox's own fault and is tried again.
 *
 * @throws CopeError SANDBOX_MISSING, SANDBOX_FAILED; the signal's reason
 */
export async function startPython(start: Start, { signal, prefer }: RunOptions): Promise<PythonProcess> {
  const sandbox = await findSandbox({ prefer });
  let failure: StartFailed | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await wait(PAUSE * 2 ** (attempt - 1));
    signal?.throwIfAborted();
    try {
      const started = await sandbox.start(start);
      endWith(started, signal);
      return started;
    } catch (error) {
      if (!(error instanceof StartFailed)) throw error;
      failure = error;
    }
  }
  throw new CopeError(
    "SANDBOX_FAILED",
    `${sandbox.name} did not start ${ATTEMPTS} times in a row: ${failure?.message}`,
    "see that the machine has processes and memory left, and that the limits leave Python room to start.",
    { cause: failure },
  );
}

function endWith(started: PythonProcess, signal: AbortSignal | undefined): void {
  if (!signal) return;
  const stop = (): void => started.stop("aborted");
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
  void started.ended.then(() => signal.removeEventListener("abort", stop));
}
