import { createHash } from "node:crypto";
import { createReadStream, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { cacheDir } from "../../home.js";

/** What is known of a verified file; kept as JSON in a small side file. */
export interface DigestRecord {
  /** SHA-256 of the content, hexadecimal. */
  sha256: string;
  bytes: number;
  /** Modification time in milliseconds: with the size it tells whether the record still holds. */
  mtimeMs: number;
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
export function readRecord(path: string): DigestRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(recordPath(path), "utf8")) as DigestRecord;
    const { size, mtimeMs } = statSync(path);
    return record.bytes === size && record.mtimeMs === mtimeMs ? record : undefined;
  } catch {
    return undefined;
  }
}

/** Records the digest of a file as it is now; a folder that cannot be written only costs a second hashing later. */
export function writeRecord(path: string, sha256: string, source?: string): void {
  const { size, mtimeMs } = statSync(path);
  const record: DigestRecord = { sha256, bytes: size, mtimeMs, source };
  try {
    const target = recordPath(path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, `${JSON.stringify(record)}\n`);
  } catch {
    // Best effort: nothing depends on the record being there.
  }
}

/**
 * SHA-256 of a file, hexadecimal: the identity of weights. Hashed once (about a second per gigabyte), then remembered
 * for as long as size and modification time stay the same.
 */
export async function digestOf(path: string): Promise<string> {
  const known = readRecord(path);
  if (known) return known.sha256;
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 22 })) hash.update(chunk as Buffer);
  const sha256 = hash.digest("hex");
  writeRecord(path, sha256);
  return sha256;
}
