import type { DatabaseSync } from "node:sqlite";
import { whenFree } from "./sqlite-errors.js";
import { CopeError } from "../errors.js";

/** SQLite's code for a file that another connection holds. */
const BUSY = { errcode: 5 };

/**
 * Takes what was deleted out of a file's bytes, and out of its log's: SQLite itself only marks a deleted row's place as free.
 * Writes the whole file anew, some 10 ms for a megabyte, and needs as much room again meanwhile. Files of earlier versions and
 * of LangGraph's own saver are scrubbed, too.
 *
 * @param file - names the database in errors
 * @throws CopeError `TIMEOUT` where another process reads or writes all the time: what was deleted may then be readable in the
 * file still; `DISK_FULL`
 */
export async function scrub(db: DatabaseSync, file: string, patience = 30_000): Promise<void> {
  if (file === ":memory:") return;
  try {
    await whenFree(file, () => briefly(db, () => db.exec("VACUUM")), patience);
    // The log holds pages as they were; emptied, not only marked as read.
    await whenFree(file, () => briefly(db, () => emptyLog(db)), patience);
  } catch (error) {
    if (!CopeError.isInstance(error) || error.code !== "TIMEOUT") throw error;
    const reason = `another process kept ${file} busy: the rows are deleted, and their texts may still be read in its bytes.`;
    throw new CopeError("TIMEOUT", reason, "end that process, then forget any thread of this file once more.", {
      cause: error,
    });
  }
}

/** A connection may wait long by itself, and would hold the event loop meanwhile. */
function briefly(db: DatabaseSync, run: () => void): void {
  const { timeout } = db.prepare("PRAGMA busy_timeout").get() as { timeout: number };
  db.exec("PRAGMA busy_timeout = 50");
  try {
    run();
  } finally {
    db.exec(`PRAGMA busy_timeout = ${timeout}`);
  }
}

/** Its answer tells what other pragmas throw. */
function emptyLog(db: DatabaseSync): void {
  const { busy } = db.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get() as { busy: number };
  if (busy) throw Object.assign(new Error("the log is in use"), BUSY);
}
