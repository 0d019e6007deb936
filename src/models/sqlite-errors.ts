import { setTimeout as sleep } from "node:timers/promises";
import { CopeError } from "../errors.js";

/** Primary result codes of SQLite (sqlite.org/rescode.html) that a user can do something about. */
const BUSY = 5;
const LOCKED = 6;
const FULL = 13;
const UNREADABLE: ReadonlySet<number> = new Set([11, 26]); // corrupt, not a database
const REFUSED: ReadonlySet<number> = new Set([3, 8, 10, 14]); // permission, read-only, input/output, cannot open

/** The primary result code of a node:sqlite error; undefined for any other error. */
function resultCode(error: unknown): number | undefined {
  const { errcode } = (error ?? {}) as { errcode?: unknown };
  // The low byte is the primary code, the rest says more: 261 is "busy, recovering the log".
  return typeof errcode === "number" ? errcode & 0xff : undefined;
}

/** True when another connection holds the file at this moment, so that the same statement may succeed soon. */
export function isBusy(error: unknown): boolean {
  const code = resultCode(error);
  return code === BUSY || code === LOCKED;
}

/**
 * Turns an error of SQLite or of the file system into one that names the file and a remedy.
 *
 * @returns CopeError `FILE_BROKEN`, `DISK_FULL` or `TIMEOUT` (locked for too long); anything else comes back as it is.
 */
export function explainSqlite(file: string, error: unknown): unknown {
  if (CopeError.isInstance(error)) return error;
  const code = resultCode(error);
  const { code: name, message } = error as NodeJS.ErrnoException;
  const cause = { cause: error };
  if (code === FULL || name === "ENOSPC" || name === "EDQUOT") {
    return new CopeError("DISK_FULL", `there is no room to write ${file}.`, "free some space, then resume.", cause);
  }
  if (code === BUSY || code === LOCKED) {
    return new CopeError(
      "TIMEOUT",
      `${file} stayed locked by another process.`,
      "end that process, then resume.",
      cause,
    );
  }
  if (code !== undefined && UNREADABLE.has(code)) {
    const reason = `${file} is not a readable SQLite database (${message}).`;
    return new CopeError(
      "FILE_BROKEN",
      reason,
      `cope tape repair ${file} keeps what is readable of a tape; else move it away.`,
      cause,
    );
  }
  const refused = code === undefined ? name !== undefined && /^E[A-Z]+$/.test(name) : REFUSED.has(code);
  if (!refused) return error;
  const reason = `${file} cannot be opened or written (${message}).`;
  return new CopeError("FILE_BROKEN", reason, `make ${file} and its folder writable, or give another path.`, cause);
}

/** The error for a file that must be there. */
export function notFound(file: string): CopeError {
  return new CopeError("FILE_NOT_FOUND", `there is no file ${file}.`, "give the path of one that is there.");
}

/** Runs one statement; an error comes out explained. */
export function guarded<T>(file: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw explainSqlite(file, error);
  }
}

/**
 * Runs one statement and, while another connection holds the file, tries again without blocking the event loop.
 *
 * @param patience - how long to go on trying, in milliseconds.
 * @throws CopeError `TIMEOUT` when the file stays locked; else what {@link explainSqlite} makes of the error.
 */
export async function whenFree<T>(file: string, run: () => T, patience = 30_000): Promise<T> {
  const end = Date.now() + patience;
  for (let pause = 5; ; pause = Math.min(pause * 2, 200)) {
    try {
      return run();
    } catch (error) {
      if (!isBusy(error) || Date.now() >= end) throw explainSqlite(file, error);
    }
    await sleep(pause);
  }
}
