import { Worker } from "node:worker_threads";
import { CopeError } from "../../errors.js";
import { timeFor } from "../cpu-wait.js";
import type { Request, Said } from "./request.js";

/** It runs TypeScript by itself, and its workers take no flags. */
const isDeno = "Deno" in globalThis;

/** Beside the sources there is `worker.ts`, which Node runs through tsx; in the package there is `worker.js`. */
function startWorker(request: Request): Worker {
  const isSource = import.meta.url.endsWith(".ts");
  return new Worker(new URL(isSource ? "worker.ts" : "worker.js", import.meta.url), {
    workerData: request,
    // Flags and environment of this process are not for the thread.
    execArgv: isSource && !isDeno ? ["--import", "tsx"] : [],
    env: {},
    stdin: false,
  });
}

/** How long a thread may take to begin, ms. */
const START_LIMIT = 30_000;
/** Beyond its time, ms: the runtime ends itself at the deadline, the thread is ended when it does not. Its start is in it. */
const GRACE = 5_000;

/**
 * Runs a request in a thread of its own, so that this one is never held up.
 *
 * @returns what the thread said until it ended or was ended
 * @throws CopeError SANDBOX_FAILED when it did not begin; the signal's reason
 */
export async function inThread(request: Request, signal: AbortSignal | undefined): Promise<Said[]> {
  signal?.throwIfAborted();
  const worker = startWorker(request);
  const said: Said[] = [];
  let failure: unknown;
  const stop = (): void => void worker.terminate();
  let timer = setTimeout(stop, START_LIMIT);
  signal?.addEventListener("abort", stop, { once: true });
  worker.on("message", (one: Said) => {
    said.push(one);
    if (one.kind !== "ready") return;
    clearTimeout(timer);
    const isTimeUp = timeFor(request.wallMs + GRACE, one.thread);
    const stopInTime = (): void => {
      if (isTimeUp()) return stop();
      timer = setTimeout(stopInTime, 500);
    };
    timer = setTimeout(stopInTime, request.wallMs + GRACE);
  });
  worker.on("error", (error) => (failure = error));
  await new Promise((resolve) => worker.once("exit", resolve));
  clearTimeout(timer);
  signal?.removeEventListener("abort", stop);
  signal?.throwIfAborted();
  if (said.length > 0) return said.slice(1);
  throw new CopeError(
    "SANDBOX_FAILED",
    `the thread that runs JavaScript did not begin: ${failure instanceof Error ? failure.message : "it ended"}`,
    "check that the package is installed completely and that the machine has memory left.",
    { cause: failure },
  );
}
