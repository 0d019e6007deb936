import { cpus } from "node:os";

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
