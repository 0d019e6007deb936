import { availableParallelism, cpus } from "node:os";
import { readdirSync, readFileSync } from "node:fs";
import { CopeError } from "../../errors.js";

/** Milliseconds between two looks at the machine. */
const PERIOD_MS = 500;

/** Processor time so far, in milliseconds: of all processors together, and of this process. */
interface Times {
  at: number;
  busy: number;
  own: number;
}

/**
 * Keeps the number of threads at what the machine has to spare. llama.cpp's threads wait for each other by spinning:
 * with two threads on two cores of which another process wants both, decoding fell from 30 tokens a second to 1, while
 * one thread kept its fair half.
 */
export class ThreadGovernor {
  readonly #most: number;
  readonly #set: (threads: number) => void;
  readonly #read: () => Times;
  #last: Times;
  #threads: number;

  /**
   * @param most - threads on a machine that has nothing else to do.
   * @param set - takes the number that is right now.
   * @param read - for tests.
   */
  constructor(most: number, set: (threads: number) => void, read: () => Times = readTimes) {
    this.#most = most;
    this.#set = set;
    this.#read = read;
    this.#last = read();
    this.#threads = most;
  }

  /** To be called before each step: looks at the machine now and then. */
  tick(now = performance.now()): void {
    if (this.#most === 1 || now - this.#last.at < PERIOD_MS) return;
    const times = this.#read();
    const elapsed = times.at - this.#last.at;
    const others = (times.busy - this.#last.busy - (times.own - this.#last.own)) / elapsed;
    this.#last = times;
    const threads = sparedBy(others, this.#most, cpus().length);
    if (threads !== this.#threads) this.#set(threads);
    this.#threads = threads;
  }
}

/**
 * Threads to use while other processes keep `others` processors busy.
 *
 * @param others - mean number of processors in other hands, >= 0.
 * @param most - threads wanted.
 * @param processors - of the machine.
 * @returns 1 … `most`.
 */
export function sparedBy(others: number, most: number, processors: number): number {
  // A third of a processor is what a desktop does beside.
  const free = Math.floor(processors - Math.max(0, others) + 1 / 3);
  return Math.max(1, Math.min(most, free));
}

function readTimes(): Times {
  const busy = cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
  const { user, system } = process.cpuUsage();
  return { at: performance.now(), busy, own: (user + system) / 1000 };
}

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
