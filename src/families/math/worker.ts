import { parentPort } from "node:worker_threads";
import { equalNormals } from "./equal.js";

/** What the worker is asked: two normal forms. */
export type Question = readonly [a: string, b: string];

/** What it says: that it has started, and then one verdict a question. */
export interface Said {
  /** Undefined where telling would take too many steps, and when it has only started. */
  same?: boolean | undefined;
  /** CPU time of this thread so far, milliseconds; absent where Node has no clock for threads. */
  cpuMs?: number;
}

function say(said: Said): void {
  // Node 22 has no such clock.
  const { user, system } = process.threadCpuUsage?.() ?? {};
  // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort!.postMessage(user === undefined ? said : { ...said, cpuMs: (user + system!) / 1_000 });
}

/** What the engine cannot do is not the same. */
function compare([a, b]: Question): boolean | undefined {
  try {
    return equalNormals(a, b);
  } catch {
    return false;
  }
}

parentPort!.on("message", (question: Question) => say({ same: compare(question) }));
say({});
