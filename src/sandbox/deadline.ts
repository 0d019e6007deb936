import type { PythonProcess } from "./python-process.js";

/** One wall clock for all processes that judge a candidate. */
export interface Deadline {
  readonly passed: boolean;
  /** Ends this process, too, when time is up. */
  watch(started: PythonProcess): void;
  /** Ends all that still runs. */
  close(): void;
}

/** A clock that runs from now on. */
export function deadlineIn(ms: number): Deadline {
  const watched = new Set<PythonProcess>();
  let passed = false;
  const timer = setTimeout(() => {
    passed = true;
    for (const started of watched) started.stop("timeout");
  }, ms);
  return {
    get passed() {
      return passed;
    },
    watch(started) {
      if (passed) started.stop("timeout");
      watched.add(started);
    },
    close() {
      clearTimeout(timer);
      for (const started of watched) started.stop("done");
    },
  };
}
