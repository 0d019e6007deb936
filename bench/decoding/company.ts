import { readFileSync } from "node:fs";
import { cpus } from "node:os";

/** Processor time so far, in milliseconds: of the whole machine, and of the processes that are measured. */
interface Times {
  machine: number;
  measured: number;
}

/** Clock ticks of `/proc/PID/stat` are hundredths of a second on every Linux. */
const TICK_MS = 10;

/** @param pids - of what is measured; where the system does not tell their time, it counts as that of others. */
export function processorTimes(pids: readonly number[]): Times {
  const busy = cpus().map(({ times }) => times.user + times.nice + times.sys + times.irq);
  return {
    machine: busy.reduce((sum, one) => sum + one, 0),
    measured: pids.reduce((sum, pid) => sum + timeOf(pid), 0),
  };
}

/** Cores that other processes kept busy between two moments, 0 on a machine that has nothing else to do. */
export function othersBetween(before: Times, after: Times, seconds: number): number {
  return (after.machine - before.machine - (after.measured - before.measured)) / 1000 / seconds;
}

function timeOf(pid: number): number {
  try {
    // After the name, which may hold anything but ends with the last parenthesis, fields 14 and 15 are at 11 and 12.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return 0; // ended, or no Linux
  }
}
