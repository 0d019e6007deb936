import { timeLimit } from "../models/waiting.js";

/** When a run's time is up. Another process that resumes the run starts the clock again: time it was dead does not count. */
export interface Clock {
  /** Starts at the first question about a run. Undefined where the run has no time limit. */
  deadline(run: string, ms: number | undefined): AbortSignal | undefined;
  forget(run: string): void;
}

/** Clocks by run, in this process: what a checkpoint could not hold, since a resumed run starts a new one. */
export function createClock(): Clock {
  const running = new Map<string, AbortSignal>();
  return {
    deadline(run, ms) {
      if (ms === undefined) return undefined;
      const signal = running.get(run) ?? timeLimit(ms);
      running.set(run, signal);
      return signal;
    },
    forget: (run) => void running.delete(run),
  };
}
