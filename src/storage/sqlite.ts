import { closeSync, existsSync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { CopeError } from "../errors.js";
import { makeFolder } from "../files.js";
import { explainSqlite, isBusy, notFound } from "./sqlite-errors.js";
import { sumOf } from "./tape-row.js";

/** How to open a file. */
interface SqliteOptions {
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

type Sqlite = typeof import("node:sqlite");

let loaded: Sqlite | undefined;

/**
 * Node's own SQLite, loaded on first use.
 *
 * Node 22 announces it as experimental at loading; that one warning says nothing to a user of this library and is kept
 * from the terminal. Every other warning passes.
 *
 * @throws CopeError `NODE_TOO_OLD` where Node has no SQLite (before 22.13).
 */
export function loadSqlite(): Sqlite {
  if (loaded) return loaded;
  const emit = process.emitWarning;
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    if (!String(warning).includes("SQLite is an experimental feature"))
      Reflect.apply(emit, process, [warning, ...rest]);
  }) as typeof process.emitWarning;
  try {
    loaded = process.getBuiltinModule?.("node:sqlite");
  } finally {
    process.emitWarning = emit;
  }
  if (loaded) return loaded;
  const reason = `Node ${process.versions.node} has no SQLite, which tape, journal and checkpoints are kept in.`;
  throw new CopeError("NODE_TOO_OLD", reason, "use Node 22.13 or newer.");
}

/** Marks a file as ours: `COPE` in ASCII, in the header field that SQLite keeps for this. */
export const APPLICATION = 0x434f5045;

/**
 * Format of all tables of this library together; one number, since tape, journal and checkpoints may share a file.
 * 2 keeps a checksum beside each recorded reply.
 */
export const FORMAT = 2;

/**
 * Refuses a file that is not ours or of a later format, before anything is written to it.
 *
 * @throws CopeError `FILE_BROKEN`
 */
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
  if (header.application === APPLICATION && header.format <= FORMAT) return;
  if (header.application !== APPLICATION) throw foreign(file);
  const reason = `${file} is of format ${header.format}; this version of langgraph-cope reads formats up to ${FORMAT}.`;
  throw new CopeError("FILE_BROKEN", reason, `update langgraph-cope, or give another path; ${file} was left as it is.`);
}

/** The error for a file that belongs to somebody else. */
export function foreign(file: string): CopeError {
  const reason = `${file} is another program's database.`;
  return new CopeError("FILE_BROKEN", reason, `give another path; ${file} was left as it is.`);
}

/** Brings a file of an earlier format to this one, and marks it. Belongs into the transaction that makes the tables. */
function migrate(db: DatabaseSync): void {
  const { format } = db.prepare("SELECT user_version AS format FROM pragma_user_version").get() as { format: number };
  if (format < FORMAT) addSums(db);
  db.exec(`PRAGMA application_id = ${APPLICATION}; PRAGMA user_version = ${FORMAT}`);
}

function addSums(db: DatabaseSync): void {
  const columns = db.prepare("SELECT name FROM pragma_table_info('calls')").all();
  if (columns.length === 0 || columns.some(({ name }) => name === "sum")) return;
  db.function("cope_sum", { deterministic: true }, (key, reply) => sumOf(String(key), String(reply)));
  db.exec("ALTER TABLE calls ADD COLUMN sum TEXT; UPDATE calls SET sum = cope_sum(key, reply)");
}
