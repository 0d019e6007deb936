import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/**
 * How long a process of this machine has waited for a CPU so far, ms: the longest of its threads and descendants. That time is
 * the machine's, and no program is to blame for it. 0 where the kernel does not tell (only Linux does).
 */
export function waitedForCpu(pid: number): number {
  return Math.max(0, ...threadsOf(pid).map(({ wait }) => wait / 1e6), ...childrenOf(pid).map(waitedForCpu));
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
  const waited = () => (thread === undefined ? 0 : waitIn(`/proc/${thread}/schedstat`) / 1e6);
  let before = waited();
  let until = performance.now() + ms;
  return () => {
    if (performance.now() <= until) return false;
    const now = Math.max(before, waited());
    until += now - before;
    before = now;
    return performance.now() > until;
  };
}

function threadsOf(pid: number): { id: string; wait: number }[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((id) => ({ id, wait: waitIn(`/proc/${pid}/task/${id}/schedstat`) }));
  } catch {
    return []; // it has ended, or there is no such folder here
  }
}

const childrenOf = (pid: number): number[] =>
  threadsOf(pid).flatMap(({ id }) => (read(`/proc/${pid}/task/${id}/children`).match(/\d+/g) ?? []).map(Number));

/** Nanoseconds: the second of "on a CPU, waiting for one, how often". */
const waitIn = (file: string): number => Number(read(file).split(" ")[1] ?? 0);

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
