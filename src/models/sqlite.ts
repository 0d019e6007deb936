import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { CopeError } from "../errors.js";
import { loadSqlite } from "./load-sqlite.js";
import { explainSqlite, isBusy } from "./sqlite-errors.js";

/** Marks a file as ours: `COPE` in ASCII, in the header field that SQLite keeps for this. */
const APPLICATION = 0x434f5045;

/** Format of all tables of this library together; one number, since tape, journal and checkpoints may share a file. */
export const FORMAT = 1;

/** How to open a file. */
export interface SqliteOptions {
  /** Statements that create the opener's tables, each with `IF NOT EXISTS`. */
  schema: string;
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
 * @throws CopeError `FILE_BROKEN` (not SQLite, another program's, another format, no access), `DISK_FULL`, `TIMEOUT`
 * (locked for ten seconds), `NODE_TOO_OLD`.
 */
export function openSqlite(file: string, { schema, busyMs = 250 }: SqliteOptions): DatabaseSync {
  const { DatabaseSync } = loadSqlite();
  let db: DatabaseSync | undefined;
  try {
    if (file !== ":memory:") createPrivately(file);
    const opened = (db = new DatabaseSync(file));
    opened.exec(`PRAGMA busy_timeout = ${busyMs}`);
    patiently(() => refuseForeign(file, opened));
    // The switch to the log ignores the busy timeout when two processes make it together: hence the retry.
    patiently(() => opened.exec("PRAGMA journal_mode = WAL"));
    opened.exec("PRAGMA synchronous = NORMAL");
    patiently(() => transact(opened, () => opened.exec(`${schema}; ${HEADER}`)));
    return opened;
  } catch (error) {
    db?.close();
    throw explainSqlite(file, error);
  }
}

const HEADER = `PRAGMA application_id = ${APPLICATION}; PRAGMA user_version = ${FORMAT}`;

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

function createPrivately(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  try {
    // Only ever a new file: opening and closing one that SQLite has open in this process would drop SQLite's locks.
    closeSync(openSync(file, "wx", 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

function refuseForeign(file: string, db: DatabaseSync): void {
  const header = db
    .prepare(
      `SELECT (SELECT application_id FROM pragma_application_id) AS application,
              (SELECT user_version FROM pragma_user_version) AS format,
              (SELECT count(*) FROM sqlite_schema WHERE type = 'table') AS tables,
              (SELECT count(*) FROM sqlite_schema WHERE name = 'checkpoints') AS checkpoints`,
    )
    .get() as { application: number; format: number; tables: number; checkpoints: number };
  const unmarked = header.application === 0 && header.format === 0;
  if (unmarked && (header.tables === 0 || header.checkpoints === 1)) return;
  if (header.application === APPLICATION && header.format === FORMAT) return;
  const reason =
    header.application === APPLICATION
      ? `${file} is of format ${header.format}; this version of langgraph-cope reads format ${FORMAT}.`
      : `${file} is another program's database.`;
  throw new CopeError("FILE_BROKEN", reason, `give another path; ${file} was left as it is.`);
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
