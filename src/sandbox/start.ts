import { CopeError } from "../errors.js";
import { findSandbox, type Sandbox } from "./find.js";
import { ATTEMPTS, insistently } from "./insistently.js";
import { StartFailed, type PythonProcess, type Start } from "./python-process.js";
import type { RunOptions } from "./types.js";

/** Where the processes of one run are started: all of them in the same sandbox. */
export interface Within {
  sandbox: Sandbox;
  signal?: AbortSignal | undefined;
}

/** A run with the sandbox it has. @throws CopeError SANDBOX_MISSING */
export async function within<Run extends RunOptions>(run: Run): Promise<Run & Within> {
  return { ...run, sandbox: await findSandbox({ prefer: run.prefer }) };
}

/**
 * Starts a Python process; a start that fails is the sandbox's own fault and is tried again.
 *
 * @throws CopeError SANDBOX_FAILED; the signal's reason
 */
export async function startPython(start: Start, { sandbox, signal }: Within): Promise<PythonProcess> {
  try {
    const started = await insistently(() => sandbox.start(start), { signal });
    endWith(started, signal);
    return started;
  } catch (error) {
    if (!(error instanceof StartFailed)) throw error;
    throw new CopeError(
      "SANDBOX_FAILED",
      `${sandbox.name} did not start ${ATTEMPTS} times in a row: ${error.message}`,
      "see that the machine has processes and memory left, and that the limits leave Python room to start.",
      { cause: error },
    );
  }
}

function endWith(started: PythonProcess, signal: AbortSignal | undefined): void {
  if (!signal) return;
  const stop = (): void => started.stop("aborted");
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
  void started.ended.then(() => signal.removeEventListener("abort", stop));
}
