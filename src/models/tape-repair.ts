import { existsSync, renameSync, rmSync, statSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { CopeError } from "../errors.js";
import { openSqlite, refuseEmptied, transact } from "./sqlite.js";
import { guarded, notFound } from "./sqlite-errors.js";
import { loadSqlite } from "./load-sqlite.js";
import { refuseForeign } from "./sqlite-format.js";
import { INSERT_ROW, isWhole, parametersOf, TAPE_SCHEMA, TapeRow } from "./tape-row.js";

/** What a repair kept. */
export interface Repaired {
  /** Calls that were readable and whole. */
  kept: number;
  /** Of these, calls that an earlier version wrote without a checksum: a changed letter in their answers would not show. */
  unchecked: number;
  /** Calls that were found and are not whole. Those on pages of which nothing can be read are not counted. */
  dropped: number;
  /** Where the broken file is now. */
  aside: string;
}

/**
 * Saves what is readable of a broken tape: whole calls move to a new file in its place, and the broken one is put aside
 * unchanged under another name, with its log. What SQLite itself still reads is tried row by row; every request is held
 * against its key and every reply against its checksum, so that none comes back changed.
 *
 * A file with threads in it is refused, for they would be put aside with it. Let no other process have the file open.
 *
 * @throws CopeError `FILE_NOT_FOUND`, `DISK_FULL`; `FILE_BROKEN` where SQLite cannot read the file at all, where it holds no
 *   recorded call or holds threads (it stays as it is), is of a later format, or the folder cannot be written.
 */
export function repairTape(file: string): Repaired {
  if (!existsSync(file)) throw notFound(file);
  refuseEmptied(file);
  const aside = freeName(file);
  const fresh = `${file}.repair-${process.pid}`;
  try {
    const found = withRows(file, (rows) => guarded(file, () => salvage(rows, fresh)));
    // A new file without a call would only hide the old one.
    if (found.kept === 0) throw noTape(file);
    guarded(file, () => {
      for (const end of ["", "-wal", "-shm"]) if (existsSync(file + end)) renameSync(file + end, aside + end);
      renameSync(fresh, file);
    });
    return { ...found, aside };
  } finally {
    for (const end of ["", "-wal", "-shm"]) rmSync(fresh + end, { force: true });
  }
}

/** Hands over the rows of a broken file, which is not changed. */
function withRows<T>(file: string, use: (rows: Iterable<TapeRow>) => T): T {
  const { DatabaseSync } = loadSqlite();
  const absent = [`${file}-wal`, `${file}-shm`].filter((path) => !existsSync(path));
  let db: DatabaseSync | undefined;
  try {
    // SQLite then also reads a file that is shorter than its head says.
    db = new DatabaseSync(file, { readOnly: true, defensive: false });
    db.exec("PRAGMA writable_schema = ON");
    refuseForeign(file, db);
    refuseThreads(file, db);
    return use(hasTable(db, "calls") ? rowsOf(db, statSync(file).size) : []);
  } catch (cause) {
    if (CopeError.isInstance(cause)) throw cause;
    const reason = `SQLite cannot read ${file} any more (${(cause as Error).message}).`;
    throw new CopeError("FILE_BROKEN", reason, `move it away, or give another path; ${file} was left as it is.`, {
      cause,
    });
  } finally {
    db?.close();
    for (const path of absent) rmSync(path, { force: true });
  }
}

/** No call takes fewer bytes of a file. */
const LEAST_ROW = 128;

/** Every row that SQLite can read, one by one: an unreadable one does not hide those behind it. */
function* rowsOf(db: DatabaseSync, bytes: number): Generator<TapeRow> {
  const row = db.prepare("SELECT * FROM calls WHERE rowid = ?");
  const first = endOf(db, "min") ?? 1;
  // Where the last row cannot be read, the file's size says how many there may be.
  const last = endOf(db, "max") ?? first + Math.ceil(bytes / LEAST_ROW);
  for (let id = first; id <= last; id += 1) {
    const found = orUndefined(() => row.get(id));
    const parsed = found && TapeRow.safeParse(found);
    if (parsed?.success) yield parsed.data;
  }
}

const endOf = (db: DatabaseSync, end: "min" | "max"): number | undefined =>
  orUndefined(() => db.prepare(`SELECT ${end}(rowid) AS id FROM calls`).get()?.["id"] as number | null) ?? undefined;

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Writes every whole call of a file to a new one. */
function salvage(rows: Iterable<TapeRow>, fresh: string): Omit<Repaired, "aside"> {
  const db = openSqlite(fresh, { schema: TAPE_SCHEMA });
  const counts = { kept: 0, unchecked: 0, dropped: 0 };
  try {
    const keep = db.prepare(INSERT_ROW);
    transact(db, () => {
      for (const row of rows) {
        const whole = isWhole(row) && keep.run(parametersOf(row)).changes > 0;
        counts[whole ? "kept" : "dropped"] += 1;
        if (whole && !row.sum) counts.unchecked += 1;
      }
    });
    return counts;
  } finally {
    db.close();
  }
}

const hasTable = (db: DatabaseSync, name: string): boolean =>
  db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(name) !== undefined;

function refuseThreads(file: string, db: DatabaseSync): void {
  const count = (table: string, what: string): number =>
    hasTable(db, table) ? Number(db.prepare(`SELECT count(${what}) AS n FROM ${table}`).get()!["n"]) : 0;
  const found = { threads: count("checkpoints", "DISTINCT thread_id"), journaled: count("journal", "*") };
  if (found.threads + found.journaled > 0) throw holdsThreads(file, found);
}

function holdsThreads(file: string, { threads, journaled }: { threads: number; journaled: number }): CopeError {
  const reason = `${file} is no tape alone: it holds ${threads} threads and ${journaled} calls of their journal.`;
  const remedy = `nothing was changed. To save calls of a tape that shares the file, repair a copy of it; cope threads list --checkpoint ${file} shows the threads.`;
  return new CopeError("FILE_BROKEN", reason, remedy);
}

function noTape(file: string): CopeError {
  const reason = `nothing in ${file} is a recorded call.`;
  return new CopeError("FILE_BROKEN", reason, `move it away, or give another path; ${file} was left as it is.`);
}

function freeName(file: string): string {
  for (let n = 1; ; n += 1) if (!existsSync(`${file}.broken-${n}`)) return `${file}.broken-${n}`;
}
