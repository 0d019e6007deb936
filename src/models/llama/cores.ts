import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { CopeError } from "../../errors.js";

/**
 * Physical cores this process may use: the best number of threads for llama.cpp, whose kernels gain nothing from the
 * second logical processor of a core and lose much when there are more threads than cores.
 *
 * @param topology - folder in which Linux describes its processors; where it is absent, logical processors count on
 *   macOS (its cores have one thread each) and half of them elsewhere.
 * @returns integer >= 1.
 */
export function physicalCores(topology = "/sys/devices/system/cpu"): number {
  const logical = availableParallelism();
  const counted = linuxCores(topology) ?? (process.platform === "darwin" ? logical : Math.ceil(logical / 2));
  return Math.max(1, Math.min(counted, logical));
}

// Logical processors of one core name the same set of siblings.
function linuxCores(topology: string): number | undefined {
  try {
    const processors = readdirSync(topology).filter((name) => /^cpu\d+$/.test(name));
    const siblings = processors.flatMap((name) => {
      try {
        return [readFileSync(`${topology}/${name}/topology/thread_siblings_list`, "utf8").trim()];
      } catch {
        return []; // switched off
      }
    });
    return new Set(siblings).size || undefined;
  } catch {
    return undefined;
  }
}

/**
 * Threads of embedded models where none are asked for: `COPE_THREADS`, else the physical cores. On a machine that has
 * other work to do, fewer are faster: llama.cpp's threads wait for each other by spinning.
 *
 * @throws CopeError `OPTIONS_INVALID` when `COPE_THREADS` is no whole number of at least 1.
 */
export function defaultThreads(env: NodeJS.ProcessEnv = process.env): number {
  const asked = env.COPE_THREADS;
  if (!asked) return physicalCores();
  const threads = Number(asked);
  if (Number.isInteger(threads) && threads >= 1) return threads;
  throw new CopeError(
    "OPTIONS_INVALID",
    `COPE_THREADS is ${JSON.stringify(asked)}.`,
    "set it to a whole number of at least 1.",
  );
}
