import { createHash } from "node:crypto";
import { createReadStream, existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { CopeError } from "../../errors.js";
import { makeFolder } from "../../files.js";
import { cacheDir } from "../../home.js";
import { pieces } from "./hf.js";

/** What is known of a verified file; kept as JSON in a small side file. */
export interface DigestRecord {
  /** SHA-256 of the content, hexadecimal. */
  sha256: string;
  bytes: number;
  /** Modification time in milliseconds: with size and change time it tells whether the record still holds. */
  mtimeMs: number;
  /** Time of the last change of content, name or mode: no copying tool can set it, as it can the modification time. */
  ctimeMs?: number;
  /** Where the file came from, when it was pulled. */
  source?: string;
}

/**
 * The file that keeps a file's record: beside it in our own cache, else in the cache's `digests` folder, since other
 * people's folders are not ours to write into.
 */
export function recordPath(path: string): string {
  const absolute = resolve(path);
  if (dirname(absolute) === cacheDir()) return `${absolute}.sha256`;
  return join(cacheDir(), "digests", `${createHash("sha256").update(absolute).digest("hex").slice(0, 32)}.json`);
}

/** The record of a file as it is now; undefined when there is none or the file has changed since. */
function readRecord(path: string): DigestRecord | undefined {
  const record = lastRecord(path);
  try {
    return record && holds(record, stateOf(path)) ? record : undefined;
  } catch {
    return undefined;
  }
}

/** Records the digest of a file as it is now; a folder that cannot be written only costs other processes a second hashing. */
export function writeRecord(path: string, sha256: string, source?: string): void {
  writeState(path, { ...stateOf(path), sha256, source });
}

/** Where a file was pulled from; undefined for any other, and for one whose content is not what was pulled. */
export async function sourceOf(path: string): Promise<string | undefined> {
  if (!lastRecord(path)?.source) return undefined;
  // A touched file is hashed again and keeps its source.
  await digestOf(path);
  return readRecord(path)?.source;
}

/** How often a file that changes while it is read is read again. */
const READINGS = 3;

/** Hashings under way in this process, by path. */
const underWay = new Map<string, Promise<string>>();

/** Records of this process that could not be written, by where they would stand. */
const unwritten = new Map<string, DigestRecord>();

/**
 * SHA-256 of a file, hexadecimal: the identity of weights. Hashed once (about a second per gigabyte), then remembered,
 * also by other processes, for as long as size, modification time and change time stay the same.
 *
 * @throws CopeError `MODEL_FILE_INVALID` for a file that somebody goes on writing to
 */
export async function digestOf(path: string): Promise<string> {
  const known = readRecord(path);
  if (known) return known.sha256;
  const absolute = resolve(path);
  const hashing = underWay.get(absolute) ?? hashAndRecord(absolute).finally(() => underWay.delete(absolute));
  underWay.set(absolute, hashing);
  return hashing;
}

async function hashAndRecord(path: string): Promise<string> {
  const last = lastRecord(path);
  for (let nth = 0; nth < READINGS; nth += 1) {
    const before = stateOf(path);
    const sha256 = await hashOf(path);
    // A file that was replaced meanwhile would be remembered by what it no longer holds.
    if (!holds({ ...before, sha256 }, stateOf(path))) continue;
    // A touched file is still the one that was pulled.
    writeState(path, { ...before, sha256, source: last?.sha256 === sha256 ? last.source : undefined });
    return sha256;
  }
  throw new CopeError(
    "MODEL_FILE_INVALID",
    `${path} changes while it is read.`,
    "wait until it is written, then try again.",
  );
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 22 })) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/**
 * Tells one content of a model's files from another, without reading them.
 *
 * @param path - of the first.
 * @throws CopeError `FILE_NOT_FOUND`
 */
export function weightsState(path: string): string {
  return JSON.stringify(filesOf(path).map(stateOf));
}

/**
 * One digest for a model: that of its file, or of its files' digests where it is split.
 *
 * @param path - of the first.
 * @throws CopeError `FILE_NOT_FOUND`, and what `digestOf` throws
 */
export async function weightsDigest(path: string): Promise<string> {
  const digests = await Promise.all(filesOf(path).map(digestOf));
  if (digests.length === 1) return digests[0]!;
  return createHash("sha256").update(digests.join("\n")).digest("hex");
}

function filesOf(path: string): string[] {
  if (!existsSync(path)) {
    throw new CopeError("FILE_NOT_FOUND", `${path} is not there any more.`, "put it back, or name another model.");
  }
  // A whole model may have a name like a piece's.
  return [path, ...pieces(path).filter((piece) => piece !== path && existsSync(piece))];
}

type State = Pick<DigestRecord, "bytes" | "mtimeMs" | "ctimeMs">;

function stateOf(path: string): State {
  const { size, mtimeMs, ctimeMs } = statSync(path);
  return { bytes: size, mtimeMs, ctimeMs };
}

/** Records of earlier versions have no change time; the file is then hashed once more. */
const holds = (record: DigestRecord, now: State) =>
  record.bytes === now.bytes && record.mtimeMs === now.mtimeMs && record.ctimeMs === now.ctimeMs;

/** The record as it was last written, whatever has become of the file; undefined where it is none. */
function lastRecord(path: string): DigestRecord | undefined {
  const target = recordPath(path);
  try {
    const record = JSON.parse(readFileSync(target, "utf8")) as DigestRecord;
    return /^[0-9a-f]{64}$/.test(record.sha256) ? record : undefined;
  } catch {
    return unwritten.get(target);
  }
}

function writeState(path: string, record: DigestRecord): void {
  const target = recordPath(path);
  const part = `${target}.${process.pid}`;
  unwritten.delete(target);
  try {
    makeFolder(dirname(target));
    // Under its name only when whole: another process may be reading or writing the same record.
    writeFileSync(part, `${JSON.stringify(record)}\n`);
    renameSync(part, target);
  } catch {
    unwritten.set(target, record);
    rmSyncQuietly(part);
  }
}

function rmSyncQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Nothing to be done about it.
  }
}
