import { availableParallelism } from "node:os";
import { MOST_STRETCH, type CpuTime } from "./cpu-wait.js";
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
  /** Processes, with what each had of the CPUs when that was last looked at. */
  const watched = new Map<PythonProcess, CpuTime>();
  let looked = performance.now();
  /** A program that never ends must end: its clock cannot stand still for ever. */
  let reserve = MOST_STRETCH * ms;
  let left = ms;
  let since = performance.now();
  let passed = false;
  let closed = false;
  let holds = 0;
  let timer: NodeJS.Timeout | undefined;
  const end = (): void => {
    // They work one after the other, so that their waits add up.
    let waited = 0;
    let used = 0;
    for (const [started, before] of watched) {
      const now = started.cpuTime();
      waited += Math.max(0, now.waited - before.waited);
      used += Math.max(0, now.used - before.used);
      watched.set(started, now);
    }
    const elapsed = performance.now() - looked;
    looked += elapsed;
    // Only what others took is the machine's doing: a program whose own processes crowd the CPUs waits for itself.
    const ofOthers = Math.max(0, 1 - used / (elapsed * availableParallelism()));
    left = Math.min(waited * ofOthers, performance.now() - since, reserve);
    reserve -= left;
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
      if (!watched.has(started)) watched.set(started, started.cpuTime());
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
