import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { capture } from "./captured.js";
import { cpuTimeOf } from "./cpu-wait.js";
import { readLines } from "./lines.js";
import { StartFailed, type PythonProcess, type Start } from "./python-process.js";
import { spawned, supervised } from "./supervised.js";
import { pyodideScriptFor } from "./scripts.js";

/** Loading takes 3 to 5 s on an idle machine. */
const START_LIMIT = 120_000;

const require = createRequire(import.meta.url);

function packageFolder(name: string): string | undefined {
  try {
    return dirname(require.resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}

/** Deno and Pyodide, where they are installed. */
export function findPyodide(): { deno: string; folder: string } | { missing: string } {
  const folder = packageFolder("pyodide");
  if (!folder) return { missing: "pyodide is not installed" };
  const name = process.platform === "win32" ? "deno.exe" : "deno";
  // Not the script beside it, which would leave Deno running when it is killed.
  const places = [
    packageFolder("deno") ?? "",
    ...(process.env["PATH"] ?? "").split(process.platform === "win32" ? ";" : ":"),
  ];
  const deno = places
    .map((place) => join(place, name))
    .find((path) => path !== name && existsSync(path) && !path.includes(".bin"));
  return deno ? { deno, folder } : { missing: "pyodide is there, deno is not installed" };
}

function hostFile(): string {
  const isSource = import.meta.url.endsWith(".ts");
  return fileURLToPath(new URL(isSource ? "deno-host.ts" : "deno-host.js", import.meta.url));
}

/**
 * Starts Python in WebAssembly under Deno, which may read Pyodide's own files and nothing else. Of the limits it holds wall clock
 * and output; it has no processes, and WebAssembly's own bound of memory.
 *
 * @throws StartFailed when it did not begin; nothing of the task has run then
 */
export function startInPyodide({ deno, folder }: { deno: string; folder: string }) {
  return async ({ purpose, task, limits, stdin = "" }: Start): Promise<PythonProcess> => {
    const rights = ["--no-prompt", "--no-config", "--no-remote", "--no-lock", `--allow-read=${folder}`];
    const child = await spawned(deno, ["run", ...rights, hostFile(), join(folder, sep)], {
      env: { HOME: process.env["HOME"], PATH: "", DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" },
      stdio: "pipe",
    });
    const { exit, stop, ended } = supervised(child);
    const output = capture(limits.outputBytes, () => stop("output"));
    const printed = { O: new PassThrough(), E: new PassThrough() };
    const stdout = output.add(printed.O);
    const stderr = output.add(printed.E);
    // What Deno itself has to say, which is no candidate's.
    const own = capture(65_536, () => {}).add(child.stderr!);
    child.stdin!.on("error", () => {});
    const send = (json: string): void => void child.stdin!.write(`${json}\n`);
    const lines = readLines(child.stdout!, 2 * limits.outputBytes + 65_536, () => stop("output"));

    /** The next message; what is printed before it goes where it belongs. */
    const receive = async (): Promise<string | undefined> => {
      for (let line = await lines.next(); line !== undefined; line = await lines.next()) {
        if (line.startsWith("M")) return line.slice(1);
        const to = line.startsWith("E") ? printed.E : printed.O;
        if (!to.destroyed) to.write(textOf(line.slice(1)));
      }
      return undefined;
    };

    send(JSON.stringify({ script: pyodideScriptFor(purpose), stdin }));
    send(JSON.stringify(task));
    const timer = setTimeout(() => stop("timeout"), START_LIMIT);
    const first = await receive();
    clearTimeout(timer);
    if (first !== '"ready"') {
      stop("done");
      const { error } = await exit;
      throw new StartFailed(
        error?.message ??
          own()
            .split("\n")
            .find((line) => /error/i.test(line)) ??
          "it ended before Python began",
      );
    }
    return {
      send,
      receive,
      get waiting() {
        return lines.waiting;
      },
      stop,
      cpuTime: () => cpuTimeOf(child.pid!),
      ended: ended(stdout, stderr),
    };
  };
}

/** A program can reach what writes these lines, and write others. */
function textOf(json: string): string {
  try {
    return String(JSON.parse(json));
  } catch {
    return json;
  }
}
