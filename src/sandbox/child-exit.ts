import type { ChildProcess } from "node:child_process";

/** A child process whose start may fail at once, as a promise of how it ended. */
export function exitOf(child: ChildProcess): Promise<{ code: number | null; error?: Error }> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: null, error }));
    child.once("close", (code) => resolve({ code }));
  });
}
