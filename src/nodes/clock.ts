import { keepRecent } from "../models/bounded.js";
import { timeLimit } from "../models/waiting.js";

/** When a run's time is up. Another process that resumes the run starts the clock again: time it was dead does not count. */
export interface Clock {
  /** Starts at the first question about a run. Undefined where the run has no time limit. */
  deadline(run: string, ms: number | undefined): AbortSignal | undefined;
  forget(run: string): void;
}

/** The clocks kept at once; a run that nobody asked about for so many others starts anew when it is resumed. */
const MOST_RUNS = 10_000;

let latest = 0;

/** Epoch milliseconds, another number for every run of this process: it tells runs apart that have no thread. */
export function startTime(): number {
  latest = Math.max(Date.now(), latest + 1);
  return latest;
}

/** Clocks by run, in this process: what a checkpoint could not hold, since a resumed run starts a new one. */
export function createClock(): Clock {
  // Runs that are aborted or fail never tell that they are over.
  const running = new Map<string, AbortSignal>();
  return {
    deadline(run, ms) {
      if (ms === undefined) return undefined;
      return keepRecent(running, run, running.get(run) ?? timeLimit(ms), MOST_RUNS);
    },
    forget: (run) => void running.delete(run),
  };
}
