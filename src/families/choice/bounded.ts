import { createContext, Script } from "node:vm";

const box = createContext({ work: undefined as (() => unknown) | undefined });
const script = new Script("work()");

/** Work that was stopped at its time limit. */
export const STOPPED = Symbol("stopped");

/**
 * Runs plain work under a time limit that also ends endless loops and patterns that backtrack without end. It blocks for so
 * long at most; a worker would not, and would cost more than most schemas ever take.
 *
 * @returns what it returns; `STOPPED` when it takes longer, or nests deeper than the stack
 */
export function bounded<T>(work: () => T, limitMs: number): T | typeof STOPPED {
  const outer = box["work"];
  box["work"] = work;
  try {
    return script.runInContext(box, { timeout: limitMs }) as T;
  } catch (error) {
    if ((error as { code?: unknown }).code === "ERR_SCRIPT_EXECUTION_TIMEOUT" || error instanceof RangeError)
      return STOPPED;
    throw error;
  } finally {
    box["work"] = outer;
  }
}
