import { Tinypool } from "tinypool";
import { CopeError } from "../../errors.js";
import type { Question } from "./worker.js";

/** How long a worker may take to load the engine, ms: 0.3 s on an idle machine. */
const START_LIMIT = 60_000;
/** Memory of one worker, megabytes: a number of a billion digits ends the worker, not the process. */
const MEMORY = 768;
/** It runs TypeScript by itself. Its workers (2.9) take no flags, do not start under a limit of memory, and may hang where they wait blocked. */
const isDeno = "Deno" in globalThis;

/** Beside the sources there is `worker.ts`, which Node runs through tsx; in the package there is `worker.js`. */
function workerFile(): { filename: string; execArgv: string[] } {
  const isSource = import.meta.url.endsWith(".ts");
  const filename = new URL(isSource ? "worker.ts" : "worker.js", import.meta.url).href;
  // Flags of this process (a loader, an inspector) are not for the worker.
  return { filename, execArgv: isSource && !isDeno ? ["--import", "tsx"] : [] };
}

/** One worker thread that is stopped and replaced when a question takes too long. One question at a time. */
class Slot {
  // One thread for each slot, so that it is known which question a stopped thread was at.
  readonly #pool = new Tinypool({
    ...workerFile(),
    minThreads: 0,
    maxThreads: 1,
    isolateWorkers: false,
    ...(isDeno ? { useAtomics: false } : { resourceLimits: { maxOldGenerationSizeMb: MEMORY } }),
  });
  /** Whether the thread has the engine loaded. */
  #started = false;
  #closed = false;

  async ask(question: Question, timeLimitMs: number): Promise<boolean> {
    await this.#start();
    try {
      return (await this.#pool.run(question, { signal: AbortSignal.timeout(timeLimitMs) })) as boolean;
    } catch {
      // Stopped at the time limit, or out of memory: the next question finds a new worker.
      this.#started = false;
      return false;
    }
  }

  /** Loading the engine must not count against a comparison's time. */
  async #start(): Promise<void> {
    if (this.#started) return;
    try {
      await this.#pool.run(null, { signal: AbortSignal.timeout(START_LIMIT) });
      this.#started = true;
    } catch (cause) {
      if (this.#closed) return;
      throw new CopeError(
        "INTERNAL",
        "the worker that compares math answers did not start.",
        "check that the package is installed completely and that the machine has memory left.",
        { cause },
      );
    }
  }

  close(): Promise<void> {
    this.#closed = true;
    return this.#pool.destroy();
  }
}

/** Compares normal forms in worker threads. */
export interface MathPool {
  /** Whether two normal forms are the same; `false` when that takes longer than the time limit. */
  ask(a: string, b: string): Promise<boolean>;
  /** Ends the threads; comparisons under way end as not the same. */
  close(): Promise<void>;
}

/** A pool of worker threads; none is started before the first question, and an idle one does not keep the process alive. */
export function createMathPool(workers: number, timeLimitMs: number): MathPool {
  const all: Slot[] = [];
  // Slots that wait for questions, and questions that wait for slots; never both.
  const free: Slot[] = [];
  const waiting: ((slot: Slot) => void)[] = [];

  // Questions queue here, not in the thread, so that waiting does not count against their time.
  const take = async (): Promise<Slot> => {
    const slot = free.pop();
    if (slot) return slot;
    if (all.length < workers) {
      const added = new Slot();
      all.push(added);
      return added;
    }
    return new Promise((resolve) => waiting.push(resolve));
  };
  const give = (slot: Slot): void => {
    const next = waiting.shift();
    if (next) next(slot);
    else free.push(slot);
  };

  return {
    async ask(a, b) {
      const slot = await take();
      try {
        return await slot.ask([a, b], timeLimitMs);
      } finally {
        give(slot);
      }
    },
    async close() {
      await Promise.all(all.map((slot) => slot.close()));
    },
  };
}
