import { clearInterval, setInterval } from "node:timers";
import { Worker } from "node:worker_threads";
import { CopeError } from "../../errors.js";
import type { Question, Said } from "./worker.js";

/** How long the worker may take to load the engine, milliseconds as `patience` counts them: 0.3 s on an idle machine. */
const START_LIMIT = 60_000;
/** Memory of the worker, megabytes: a number of a billion digits ends the worker, not the process. */
const MEMORY = 768;
/** How often a comparison under way is looked at, milliseconds. Most end before the first look. */
const LOOK = 25;
/**
 * Least time for a worker that tells no CPU time, milliseconds: 20 times the slowest of a hundred comparisons on an idle
 * machine.
 */
const LEAST_PATIENCE = 600;
/** It runs TypeScript by itself. Its workers (2.9) take no flags and do not start under a limit of memory. */
const isDeno = "Deno" in globalThis;

/** Compares normal forms in a worker thread, one pair after the other. */
export interface MathWorker {
  /** Starts the thread, unless it runs. What keeps it from starting is told by the next question. */
  warm(): void;
  /**
   * Whether two normal forms are the same; undefined where that could not be found out: it took too much of the thread's own
   * time or memory.
   * @throws CopeError `INTERNAL` where the worker cannot be started
   */
  ask(question: Question): Promise<boolean | undefined>;
  /** Ends the thread; comparisons under way end as undefined, and later questions start a thread again. */
  close(): Promise<void>;
}

/**
 * A worker thread that stays between comparisons. It is replaced where a comparison has to be ended, and does not keep the
 * process alive while it has nothing to do.
 *
 * The limit counts the CPU time of the thread. Where Node tells none (before 24), or the thread is too deep in a native
 * computation to tell it, this thread counts its own looks instead, so that time in which it was itself held up does not
 * count; and what is ended so is tried once more, in a new thread.
 *
 * @param timeLimitMs - CPU time of one comparison, milliseconds
 */
export function createMathWorker(timeLimitMs: number): MathWorker {
  let thread: Thread | undefined;
  /** The question before: one is asked at a time, so that waiting does not count, and a second try is alone. */
  let last: Promise<unknown> = Promise.resolve();

  const running = (): Thread => (thread && !thread.hasEnded ? thread : (thread = new Thread()));
  const tryOnce = async (question: Question): Promise<End> => {
    const current = running();
    current.hold();
    try {
      await current.started;
      return await current.ask(question, timeLimitMs);
    } finally {
      current.release();
    }
  };
  const answer = async (question: Question): Promise<boolean | undefined> => {
    const first = await tryOnce(question);
    const end = first === "lost" ? await tryOnce(question) : first;
    return typeof end === "boolean" ? end : undefined;
  };
  return {
    warm: () => void running(),
    ask(question) {
      const turn = last.then(() => answer(question));
      last = turn.catch(() => undefined);
      return turn;
    },
    async close() {
      await thread?.close();
    },
  };
}

/**
 * How a question ended: by a verdict; `spent`: its own time or steps were used up, as they would be again; `lost`: the thread died, or told nothing for long, for
 * which others may be to blame; `closed`.
 */
type End = boolean | "spent" | "lost" | "closed";

/** A worker thread. Its listeners are there before anything can go wrong: an error without one would end the process. */
class Thread {
  /** Rejects with the coded error where the thread dies before it has loaded the engine. */
  readonly started: Promise<void>;
  /** How it ended, once it has. */
  #ended: "lost" | "closed" | undefined;
  #worker: Worker | undefined;
  /** Its CPU time when it last said something, milliseconds; undefined where there is no such clock. */
  #cpuMs: number | undefined;
  #onSaid: (said: Said) => void = () => {};
  #onEnd: (how: "lost" | "closed", cause?: unknown) => void = () => {};

  constructor() {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.started = promise;
    // Where nobody asks, nobody has to know.
    promise.catch(() => {});
    this.#onSaid = () => resolve();
    this.#onEnd = (how, cause) => (how === "closed" ? resolve() : reject(notStarted(cause)));
    try {
      this.#worker = startWorker();
    } catch (cause) {
      this.#end("lost", cause);
      return;
    }
    const stopWaiting = patience(START_LIMIT, () => this.#end("lost"));
    promise.then(stopWaiting, stopWaiting);
    this.#worker.on("message", (said: Said) => {
      this.#cpuMs = said.cpuMs;
      this.#onSaid(said);
    });
    this.#worker.on("error", (cause) => this.#end("lost", cause));
    this.#worker.on("exit", () => this.#end("lost"));
    // Last, for a thread that is warmed and never asked must not keep the process alive either.
    this.#worker.unref();
  }

  get hasEnded(): boolean {
    return this.#ended !== undefined;
  }

  ask(question: Question, timeLimitMs: number): Promise<End> {
    if (this.#ended) return Promise.resolve(this.#ended);
    const { promise, resolve } = Promise.withResolvers<End>();
    this.#onSaid = ({ same }) => resolve(same ?? "spent");
    this.#onEnd = resolve;
    const stopLooking = this.#watch(timeLimitMs, (how) => {
      resolve(how);
      void this.#end("lost");
    });
    // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    this.#worker!.postMessage(question);
    return promise.finally(stopLooking);
  }

  /** Keeps the process alive while a question is under way. */
  hold(): void {
    this.#worker?.ref();
  }

  release(): void {
    this.#worker?.unref();
  }

  async close(): Promise<void> {
    await this.#end("closed");
  }

  /** Calls `stop` when the question has used up its time. @returns what ends the watch */
  #watch(timeLimitMs: number, stop: (how: "spent" | "lost") => void): () => void {
    const before = this.#cpuMs;
    const worker = this.#worker!;
    const longest = Math.max(timeLimitMs, LEAST_PATIENCE);
    let silent = 0;
    let isAsked = false;
    const look = async (since: number): Promise<void> => {
      isAsked = true;
      // A thread that has ended says so itself.
      const used = await worker.cpuUsage().catch(() => undefined);
      if (!used) return;
      isAsked = false;
      silent = 0;
      if ((used.user + used.system) / 1_000 - since > timeLimitMs) stop("spent");
    };
    return everyLook(() => {
      silent += LOOK;
      if (silent > longest) return stop("lost");
      if (before === undefined || typeof worker.cpuUsage !== "function" || isAsked) return;
      void look(before);
    });
  }

  async #end(how: "lost" | "closed", cause?: unknown): Promise<void> {
    if (this.#ended) return;
    this.#ended = how;
    this.#onEnd(how, cause);
    await this.#worker?.terminate();
  }
}

/** Beside the sources there is `worker.ts`, which Node runs through tsx; in the package there is `worker.js`. */
function startWorker(): Worker {
  const isSource = import.meta.url.endsWith(".ts");
  const file = new URL(isSource ? "worker.ts" : "worker.js", import.meta.url);
  if (isDeno) return new Worker(file);
  // Flags of this process (a loader, an inspector) are not for the worker.
  const execArgv = isSource ? ["--import", "tsx"] : [];
  return new Worker(file, { execArgv, resourceLimits: { maxOldGenerationSizeMb: MEMORY } });
}

/** Calls `look` every so often; a thread that was held up looks once for all that time. @returns what ends it */
function everyLook(look: () => void): () => void {
  const timer = setInterval(look, LOOK).unref();
  return () => clearInterval(timer);
}

/** Calls `stop` after so many milliseconds of looks. @returns what ends the wait */
function patience(limitMs: number, stop: () => void): () => void {
  let waited = 0;
  return everyLook(() => {
    waited += LOOK;
    if (waited > limitMs) stop();
  });
}

function notStarted(cause: unknown): CopeError {
  return new CopeError(
    "INTERNAL",
    "the worker that compares math answers did not start.",
    "check that the package is installed completely and that the machine has memory left.",
    { cause },
  );
}
