import type { PythonProcess } from "./python-process.js";

/** One wall clock for all processes that judge a candidate. */
export interface Deadline {
  readonly passed: boolean;
  /** Ends this process, too, when time is up. */
  watch(started: PythonProcess): void;
  /** Waits for what is not the candidate's to pay, with the clock held: the start of a process. */
  held<T>(wait: Promise<T>): Promise<T>;
  /** Ends all that still runs. */
  close(): void;
}

/** A clock that runs from now on. */
export function deadlineIn(ms: number): Deadline {
  const watched = new Set<PythonProcess>();
  let left = ms;
  let since = performance.now();
  let passed = false;
  const end = (): void => {
    passed = true;
    for (const started of watched) started.stop("timeout");
  };
  let timer = setTimeout(end, left);
  return {
    get passed() {
      return passed;
    },
    watch(started) {
      if (passed) started.stop("timeout");
      watched.add(started);
    },
    async held(wait) {
      clearTimeout(timer);
      left -= performance.now() - since;
      try {
        return await wait;
      } finally {
        since = performance.now();
        timer = setTimeout(end, Math.max(0, left));
      }
    },
    close() {
      clearTimeout(timer);
      for (const started of watched) started.stop("done");
    },
  };
}
