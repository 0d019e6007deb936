import type { PythonProcess } from "./python-process.js";

/** One clock for all processes that judge a candidate. It stands still while the machine gives them no CPU. */
export interface Deadline {
  readonly passed: boolean;
  /** Ends this process, too, when time is up. */
  watch(started: PythonProcess): void;
  /** Waits for what is not the candidate's to pay, with the clock held: the start of a process. */
  held<T>(wait: Promise<T>): Promise<T>;
  /** Ends all that still runs. */
  close(): void;
}

/** Time that is worth a further wait, ms. */
const LEAST_MS = 5;

/** A clock that runs from now on. */
export function deadlineIn(ms: number): Deadline {
  /** Processes, with what each had waited for a CPU when that was last looked at. */
  const watched = new Map<PythonProcess, number>();
  let left = ms;
  let since = performance.now();
  let passed = false;
  let closed = false;
  let holds = 0;
  let timer: NodeJS.Timeout | undefined;
  const end = (): void => {
    // They work one after the other, so that their waits add up.
    left = 0;
    for (const [started, before] of watched) {
      const waited = Math.max(before, started.waited());
      left += waited - before;
      watched.set(started, waited);
    }
    left = Math.min(left, performance.now() - since);
    if (left >= LEAST_MS) return run();
    passed = true;
    for (const started of watched.keys()) started.stop("timeout");
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
      if (!watched.has(started)) watched.set(started, started.waited());
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
      for (const started of watched.keys()) started.stop("done");
    },
  };
}
