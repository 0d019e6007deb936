import PQueue from "p-queue";

/** Candidates that run side by side in one process of ours; the rest wait, which is not counted against their time. */
const SIDE_BY_SIDE = 8;

const queue = new PQueue({ concurrency: SIDE_BY_SIDE });

/** Runs a candidate when there is room. @throws the signal's reason, also while it waits */
export async function inTurn<T>(signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
  signal?.throwIfAborted();
  return queue.add(run, signal ? { signal } : {}) as Promise<T>;
}
