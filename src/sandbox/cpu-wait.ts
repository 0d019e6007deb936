import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** What a process had of the machine's CPUs so far, ms. */
export interface CpuTime {
  /** How long it waited for one: the longest of its threads and descendants. That time is the machine's. */
  waited: number;
  /** How long it had one: all its threads and living descendants together. */
  used: number;
}

/** Time in which a program was held up may make its clock longer by so many times its limit. */
export const MOST_STRETCH = 9;

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
