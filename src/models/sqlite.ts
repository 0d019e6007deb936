import { closeSync, existsSync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { CopeError } from "../errors.js";
import { makeFolder } from "../files.js";
import { loadSqlite } from "./load-sqlite.js";
import { explainSqlite, isBusy, notFound } from "./sqlite-errors.js";
import { migrate, refuseForeign } from "./sqlite-format.js";

/** How to open a file. */
export interface SqliteOptions {
  /** Statements that create the opener's tables, each with `IF NOT EXISTS`. Absent: the file must be there and stays as it is. */
  schema?: string;
  /** How long a statement blocks while another connection writes, in milliseconds. @default 250 */
  busyMs?: number;
}

/**
 * Opens or creates a SQLite file that several processes may use at once (write-ahead log).
 *
 * Missing folders are created; a new file is readable by its owner alone, as it holds private text, and SQLite gives
 * its log the same mode. A file that is not ours is refused before anything is written to it. A checkpoint file made
 * by LangGraph's own SqliteSaver is accepted and becomes ours.
 *
 * What is committed is in the hands of the operating system (`synchronous=NORMAL`): the death of this process, also by
 * SIGKILL, loses nothing. A power cut may lose the last seconds, from the end and never in the middle; the file stays
 * whole. Waiting for the disk at each commit would close that gap, and block the event loop under a wave of parallel
 * calls: 0.2 to 4 ms a commit as measured, against 0.04, to save the few calls that fall into it.
 *
 * @param file - path, or `:memory:`.
 * @throws CopeError `OPTIONS_INVALID` without a path; `FILE_BROKEN` (not SQLite, another program's, a later format, no access), `FILE_NOT_FOUND` (without a
 * schema), `DISK_FULL`, `TIMEOUT` (locked for ten seconds), `NODE_TOO_OLD`.
 */
export function openSqlite(file: string, { schema, busyMs = 250 }: SqliteOptions): DatabaseSync {
  if (typeof file !== "string" || file === "")
    throw new CopeError(
      "OPTIONS_INVALID",
      "the path of a SQLite file is needed.",
      'give one, such as "threads.sqlite".',
    );
  const { DatabaseSync } = loadSqlite();
  let db: DatabaseSync | undefined;
  try {
    if (file !== ":memory:") {
      if (schema !== undefined) createPrivately(file);
      else if (!existsSync(file)) throw notFound(file);
      refuseEmptied(file);
    }
    const opened = (db = new DatabaseSync(file));
    // Deleted content is written over: it is private text.
    opened.exec(`PRAGMA busy_timeout = ${busyMs}; PRAGMA secure_delete = ON`);
    patiently(() => refuseForeign(file, opened));
    if (schema === undefined) return opened;
    // The switch to the log ignores the busy timeout when two processes make it together: hence the retry.
    patiently(() => opened.exec("PRAGMA journal_mode = WAL"));
    opened.exec("PRAGMA synchronous = NORMAL");
    const prepare = () => {
      opened.exec(schema);
      migrate(opened);
    };
    patiently(() => transact(opened, prepare));
    return opened;
  } catch (error) {
    db?.close();
    throw explainSqlite(file, error);
  }
}

/** Runs `body` as one write transaction: all of it or nothing is kept. */
export function transact<T>(db: DatabaseSync, body: () => T): T {
  // IMMEDIATE takes the write lock first, where waiting works; a lock taken in the middle would fail at once.
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = body();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    try {
      db.exec("ROLLBACK");
    } catch {
      // After a full disk, for one, SQLite has already rolled back.
    }
    throw error;
  }
}

/** An empty file is a new one, unless it has a log: what the log holds would be thrown away unseen at opening. */
function refuseEmptied(file: string): void {
  const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  // In this order, since another process that makes the file writes it before its log.
  if (sizeOf(`${file}-wal`) === 0 || sizeOf(file) > 0) return;
  const remedy = `cope tape repair ${file} keeps what is readable of a tape; else move both away.`;
  throw new CopeError("FILE_BROKEN", `${file} is empty, and its log ${file}-wal is not.`, remedy);
}

function createPrivately(file: string): void {
  makeFolder(dirname(file), { mode: 0o700 });
  try {
    // Only ever a new file: opening and closing one that SQLite has open in this process would drop SQLite's locks.
    closeSync(openSync(file, "wx", 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** For opening alone, which cannot wait asynchronously: blocks for ten seconds at most. */
function patiently(run: () => void): void {
  const end = Date.now() + 10_000;
  for (;;) {
    try {
      return run();
    } catch (error) {
      if (!isBusy(error) || Date.now() >= end) throw error;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
  }
}
