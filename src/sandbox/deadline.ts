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
  let closed = false;
  let holds = 0;
  let timer: NodeJS.Timeout | undefined;
  const end = (): void => {
    passed = true;
    for (const started of watched) started.stop("timeout");
  };
  const run = (): void => {
    since = performance.now();
    timer = setTimeout(end, Math.max(0, left));
  };
  run();
  return {
    get passed() {
      return passed;
    },
    watch(started) {
      if (passed) started.stop("timeout");
      watched.add(started);
    },
    async held(wait) {
      holds += 1;
      if (holds === 1) {
        clearTimeout(timer);
        left -= performance.now() - since;
      }
      try {
        return await wait;
      } finally {
        holds -= 1;
        // A clock that was closed while it was held must not run again: it would keep the process alive.
        if (holds === 0 && !closed && !passed) run();
      }
    },
    close() {
      closed = true;
      clearTimeout(timer);
      for (const started of watched) started.stop("done");
    },
  };
}
