import { availableParallelism } from "node:os";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { PythonProcess } from "./process.js";

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

/** What a process had of the machine's CPUs so far, ms. */
export interface CpuTime {
  /** How long it waited for one: the longest of its threads and descendants. That time is the machine's. */
  waited: number;
  /** How long it had one: all its threads and living descendants together. */
  used: number;
}

/** Time in which a program was held up may make its clock longer by so many times its limit. */
const MOST_STRETCH = 9;

/** CPU time of a process and its descendants; nothing where the kernel does not tell (only Linux does). */
export function cpuTimeOf(pid: number): CpuTime {
  const all = [...threadsOf(pid).map(({ time }) => time), ...childrenOf(pid).map(cpuTimeOf)];
  return {
    waited: Math.max(0, ...all.map(({ waited }) => waited)),
    used: all.reduce((sum, { used }) => sum + used, 0),
  };
}

/** Name of the thread that asks, for {@link timeFor}; undefined where the kernel has none. */
export function threadName(): string | undefined {
  try {
    return readlinkSync("/proc/thread-self");
  } catch {
    return undefined;
  }
}

/**
 * A clock for one thread: says whether so many ms are up. Time in which the thread waited for a CPU is none of them.
 *
 * @param thread - as `threadName` says; without one it is a plain clock
 */
export function timeFor(ms: number, thread: string | undefined): () => boolean {
  const waited = () => (thread === undefined ? 0 : timeIn(`/proc/${thread}/schedstat`).waited);
  let reserve = MOST_STRETCH * ms;
  let before = waited();
  let until = performance.now() + ms;
  return () => {
    if (performance.now() <= until) return false;
    const now = Math.max(before, waited());
    const more = Math.min(now - before, reserve);
    reserve -= more;
    until += more;
    before = now;
    return performance.now() > until;
  };
}

function threadsOf(pid: number): { id: string; time: CpuTime }[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((id) => ({ id, time: timeIn(`/proc/${pid}/task/${id}/schedstat`) }));
  } catch {
    return []; // it has ended, or there is no such folder here
  }
}

const childrenOf = (pid: number): number[] =>
  threadsOf(pid).flatMap(({ id }) => (read(`/proc/${pid}/task/${id}/children`).match(/\d+/g) ?? []).map(Number));

/** Nanoseconds: the first two of "on a CPU, waiting for one, how often". */
function timeIn(file: string): CpuTime {
  const [used = 0, waited = 0] = read(file).split(" ").map(Number);
  return { used: used / 1e6, waited: waited / 1e6 };
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
