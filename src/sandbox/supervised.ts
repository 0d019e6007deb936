import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import { StartFailed, type End, type Stopped } from "./python-process.js";

/** A child process that can be stopped for a reason, which is then told in place of its exit code. */
export interface Supervised {
  stop(why: Stopped): void;
  /** Its start may fail at once. */
  exit: Promise<{ code: number | null; error?: Error }>;
  /** How it ended, with what was captured until then. */
  ended(stdout: () => string, stderr: () => string): Promise<End>;
}

/** Spawns a process. @throws StartFailed where the machine has no process, file or memory left for it, or no such program */
export async function spawned(command: string, args: readonly string[], options: SpawnOptions): Promise<ChildProcess> {
  let child: ChildProcess;
  try {
    child = spawn(command, args, options);
  } catch (error) {
    throw new StartFailed((error as Error).message);
  }
  // Then Node makes no channels, and tells why a moment later.
  if (child.pid === undefined) throw new StartFailed(((await once(child, "error")) as [Error])[0].message);
  return child;
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
