import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** What a child process did. */
export interface Ended {
  lines: string[];
  errors: string;
  code: number | null;
  signal: NodeJS.Signals | null;
}

/**
 * Runs a TypeScript file as a Node process of its own until it ends.
 *
 * @param killAfter - sends SIGKILL when this many lines have come out; the child is then in the middle of its work.
 */
export async function runChild(file: string, args: string[], killAfter = Infinity): Promise<Ended> {
  const child = spawn(process.execPath, ["--import", "tsx", file, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const lines: string[] = [];
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    if (lines.length === killAfter) child.kill("SIGKILL");
  });
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return { lines, errors, code, signal };
}
