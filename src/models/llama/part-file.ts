import { createHash, type Hash } from "node:crypto";
import { createReadStream, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { open, rename, type FileHandle } from "node:fs/promises";
import { CopeError } from "../../errors.js";
import { diskFull } from "./space.js";

/** Where the bytes of a part came from: they are gone on with only from the same source with the same content. */
export interface Origin {
  /** Address or name of the source. */
  source: string;
  /** What tells one content of the source from another: a checksum, an entity tag, a time. */
  validator?: string;
  /** Size of the whole. */
  bytes?: number;
  /** For a source that comes in pieces: how many are in, and the bytes they make. Bytes behind them do not count. */
  pieces?: { done: number; bytes: number };
}

/**
 * A file that is being written beside its final name, hashed on the way. Its final name appears by one atomic rename,
 * and only when the content was verified: a reader never sees half a file, however the writer ends. What a killed or
 * aborted writer left is gone on with. One writer at a time: see `withLock`.
 */
export class PartFile {
  /** Where the part lies. */
  readonly path: string;
  /** Whether it holds bytes of an earlier writer. */
  resumed: boolean;
  readonly #target: string;
  readonly #handle: FileHandle;
  #origin: Origin | undefined;
  #hash: Hash;
  #bytes: number;

  private constructor(target: string, handle: FileHandle, kept: { origin?: Origin; hash: Hash; bytes: number }) {
    this.#target = target;
    this.path = `${target}.part`;
    this.#handle = handle;
    this.#origin = kept.origin;
    this.#hash = kept.hash;
    this.#bytes = kept.bytes;
    this.resumed = kept.bytes > 0;
  }

  /** Opens the part of `target`, with what an earlier writer left of it. */
  static async open(target: string): Promise<PartFile> {
    const path = `${target}.part`;
    const origin = originOf(path);
    const there = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    const bytes = origin ? Math.min(there, origin.pieces?.bytes ?? there) : 0;
    const handle = await open(path, bytes > 0 ? "r+" : "w+");
    const hash = createHash("sha256");
    if (bytes === 0) return new PartFile(target, handle, { hash, bytes });
    await handle.truncate(bytes);
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 22 })) hash.update(chunk as Buffer);
    return new PartFile(target, handle, { origin, hash, bytes });
  }

  /** Bytes written so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Where the bytes so far came from; undefined when there are none. */
  get origin(): Origin | undefined {
    return this.#origin;
  }

  /** Says where what is written next comes from. Bytes of another origin are forgotten. */
  async from(origin: Origin): Promise<void> {
    const { source, validator, bytes } = this.#origin ?? {};
    const same = source === origin.source && validator === origin.validator && bytes === origin.bytes;
    if (!same) await this.restart();
    this.#origin = origin;
    writeFileSync(`${this.path}.json`, JSON.stringify(origin));
  }

  /** Appends a chunk. @throws CopeError `DISK_FULL` when the file system has no room for it. */
  async write(chunk: Uint8Array): Promise<void> {
    try {
      let done = 0;
      // By position: after a restart the handle's own position would still be behind the deleted bytes.
      while (done < chunk.length) {
        done += (await this.#handle.write(chunk, done, chunk.length - done, this.#bytes + done)).bytesWritten;
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOSPC") throw diskFull(this.#target);
      throw error;
    }
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
  }

  /** Forgets what was written, for a source that starts again. */
  async restart(): Promise<void> {
    await this.#handle.truncate(0);
    this.#hash = createHash("sha256");
    this.#bytes = 0;
    this.resumed = false;
  }

  /**
   * Checks size and digest, flushes to the disk, and gives the file its final name.
   *
   * @param expected - what is not given is not checked.
   * @returns the content's SHA-256.
   * @throws CopeError `CHECKSUM_MISMATCH`; the part is deleted then.
   */
  async finish(expected: { bytes?: number; sha256?: string }, source: string): Promise<string> {
    const sha256 = this.#hash.digest("hex");
    const { bytes = this.#bytes, sha256: wanted = sha256 } = expected;
    if (sha256 !== wanted || bytes !== this.#bytes) {
      await this.discard();
      throw new CopeError(
        "CHECKSUM_MISMATCH",
        `the ${this.#bytes} bytes from ${source} have SHA-256 ${sha256}, expected was ${wanted}.`,
        "pull again; if it stays so, do not use this source.",
      );
    }
    await this.#handle.sync();
    await this.#handle.close();
    await rename(this.path, this.#target);
    rmSync(`${this.path}.json`, { force: true });
    return sha256;
  }

  /** Closes the part and keeps it for the next writer; harmless after `finish` and `discard`. */
  async close(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    if (statSync(this.path, { throwIfNoEntry: false })?.size === 0) rmSync(this.path, { force: true });
    if (!statSync(this.path, { throwIfNoEntry: false })) rmSync(`${this.path}.json`, { force: true });
  }

  /** Closes and deletes the part. */
  async discard(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    removePart(this.#target);
  }
}

/** Deletes what an unfinished pull left of `target`. @returns whether there was anything. */
export function removePart(target: string): boolean {
  const there = statSync(`${target}.part`, { throwIfNoEntry: false }) !== undefined;
  for (const end of [".part", ".part.json", ".wheels"]) rmSync(`${target}${end}`, { recursive: true, force: true });
  return there;
}

function originOf(path: string): Origin | undefined {
  try {
    return JSON.parse(readFileSync(`${path}.json`, "utf8")) as Origin;
  } catch {
    return undefined;
  }
}
