import type { ChildProcess } from "node:child_process";
import type { End, Stopped } from "./python-process.js";

/** A child process that can be stopped for a reason, which is then told in place of its exit code. */
export interface Supervised {
  stop(why: Stopped): void;
  /** Its start may fail at once. */
  exit: Promise<{ code: number | null; error?: Error }>;
  /** How it ended, with what was captured until then. */
  ended(stdout: () => string, stderr: () => string): Promise<End>;
}

/** Watches over a child process until it ends. */
export function supervised(child: ChildProcess): Supervised {
  let stopped: Stopped | undefined;
  const exit: Supervised["exit"] = new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: null, error }));
    child.once("close", (code) => resolve({ code }));
  });
  return {
    stop(why) {
      stopped ??= why;
      child.kill("SIGKILL");
    },
    exit,
    async ended(stdout, stderr) {
      const { code } = await exit;
      const how = stopped ? { code: null, stopped } : { code };
      return { ...how, stdout: stdout(), stderr: stderr() };
    },
  };
}
