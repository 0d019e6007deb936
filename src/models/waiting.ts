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

/** Waits `ms` milliseconds (nothing when undefined), or until one of the signals aborts. */
export async function waitFor(ms: number | undefined, ends: readonly (AbortSignal | undefined)[]): Promise<void> {
  if (ms === undefined) return;
  const signal = AbortSignal.any([AbortSignal.timeout(ms), ...ends.filter((end) => end !== undefined)]);
  if (signal.aborted) return;
  await new Promise<void>((done) => signal.addEventListener("abort", () => done(), { once: true }));
}
