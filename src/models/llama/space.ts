import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import { CopeError } from "../../errors.js";

/** Bytes that may still be written in a folder. */
export type FreeBytes = (folder: string) => number;

/** What the file system says of a folder. */
export const freeBytes: FreeBytes = (folder) => {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
};

/**
 * Checks before a download that what is missing of `target` fits beside it.
 *
 * @param needed - bytes still to be written; what is already there does not count.
 * @throws CopeError `DISK_FULL`, with both numbers.
 */
export function requireSpace(target: string, needed: number, free: FreeBytes = freeBytes): void {
  const there = free(dirname(target));
  if (there < needed) throw diskFull(target, ` (${size(needed)} needed, ${size(there)} free)`);
}

/** The error for a file system without room for `target`. */
export function diskFull(target: string, numbers = ""): CopeError {
  return new CopeError(
    "DISK_FULL",
    `there is no room for ${target}${numbers}.`,
    "free some space and pull again, or set COPE_HOME to a folder on another disk.",
  );
}

/** A number of bytes for people: whole megabytes from one megabyte on. */
export function size(bytes: number): string {
  return bytes < 1e6 ? `${bytes} bytes` : `${Math.round(bytes / 1e6)} MB`;
}
