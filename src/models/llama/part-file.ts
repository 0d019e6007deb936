import { createHash, randomUUID, type Hash } from "node:crypto";
import { rmSync } from "node:fs";
import { open, rename, type FileHandle } from "node:fs/promises";
import { CopeError } from "../../errors.js";

/**
 * A file that is being written beside its final name, hashed on the way. Its final name appears by one atomic rename,
 * and only when the content was verified: a reader never sees half a file, however the writer ends.
 */
export class PartFile {
  readonly path: string;
  readonly #target: string;
  readonly #handle: FileHandle;
  #hash: Hash = createHash("sha256");
  #bytes = 0;

  private constructor(target: string, path: string, handle: FileHandle) {
    this.#target = target;
    this.path = path;
    this.#handle = handle;
  }

  /** Starts the part of `target`; its own name is unique, so that two writers of one target do not meet. */
  static async create(target: string): Promise<PartFile> {
    const path = `${target}.${process.pid}-${randomUUID().slice(0, 8)}.part`;
    return new PartFile(target, path, await open(path, "wx"));
  }

  /** Bytes written so far. */
  get bytes(): number {
    return this.#bytes;
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
  }

  /**
   * Checks size and digest, flushes to the disk, and gives the file its final name.
   *
   * @throws CopeError `CHECKSUM_MISMATCH`; the part is gone then.
   */
  async finish(expected: { bytes?: number; sha256: string }, source: string): Promise<void> {
    const sha256 = this.#hash.digest("hex");
    const sizeFits = expected.bytes === undefined || expected.bytes === this.#bytes;
    if (sha256 !== expected.sha256 || !sizeFits) {
      throw new CopeError(
        "CHECKSUM_MISMATCH",
        `the ${this.#bytes} bytes from ${source} have SHA-256 ${sha256}, expected was ${expected.sha256}.`,
        "pull again; if it stays so, do not use this source.",
      );
    }
    await this.#handle.sync();
    await this.#handle.close();
    await rename(this.path, this.#target);
  }

  /** Closes and deletes what is left of the part; harmless after `finish`. */
  async discard(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    rmSync(this.path, { force: true });
  }
}

/** The error for a file system without room for `target`. */
export function diskFull(target: string, needed?: number, free?: number): CopeError {
  const numbers = needed === undefined ? "" : ` (${needed} bytes needed, ${free} free)`;
  return new CopeError(
    "DISK_FULL",
    `there is no room for ${target}${numbers}.`,
    "free some space, or set COPE_HOME to a folder on another disk.",
  );
}
