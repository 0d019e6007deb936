import { existsSync, renameSync, rmSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { CopeError } from "../errors.js";
import { openSqlite, transact } from "./sqlite.js";
import { guarded, notFound } from "./sqlite-errors.js";
import { APPLICATION, foreign, FORMAT } from "./sqlite-format.js";
import { carveRows, readHead, type Field } from "./sqlite-pages.js";
import { INSERT_ROW, isWhole, parametersOf, TAPE_SCHEMA, type TapeRow } from "./tape-row.js";

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
 * unchanged under another name, with its log. The pages of the file are read one by one, so that it need not open at all;
 * every request is held against its key and every reply against its checksum, so that none comes back changed.
 *
 * A file with threads in it is refused, for they would be put aside with it. Let no other process have the file open.
 *
 * @throws CopeError `FILE_NOT_FOUND`, `DISK_FULL`; `FILE_BROKEN` where the file holds no recorded call or holds threads (it
 *   stays as it is), is of a later format, or the folder cannot be written.
 */
export function repairTape(file: string): Repaired {
  if (!existsSync(file)) throw notFound(file);
  const head = guarded(file, () => readHead(file));
  if (head.application === APPLICATION && head.format > FORMAT) guarded(file, () => openSqlite(file, {}).close());
  const shared = threadsIn(file);
  if (shared) throw holdsThreads(file, shared);
  const aside = freeName(file);
  const fresh = `${file}.repair-${process.pid}`;
  try {
    const found = guarded(file, () => salvage(file, fresh));
    // A new file without a call would only hide the old one.
    if (found.kept === 0) throw head.isSqlite && head.application !== APPLICATION ? foreign(file) : noTape(file);
    guarded(file, () => {
      for (const end of ["", "-wal", "-shm"]) if (existsSync(file + end)) renameSync(file + end, aside + end);
      renameSync(fresh, file);
    });
    return { ...found, aside };
  } finally {
    for (const end of ["", "-wal", "-shm"]) rmSync(fresh + end, { force: true });
  }
}

/** Writes every whole call of a file to a new one. */
function salvage(file: string, fresh: string): Omit<Repaired, "aside"> {
  const db = openSqlite(fresh, { schema: TAPE_SCHEMA });
  try {
    const keep = db.prepare(INSERT_ROW);
    const dropped = new Set<string>();
    const kept = new Set<string>();
    let unchecked = 0;
    const write = (row: TapeRow) => {
      if (!keep.run(parametersOf(row)).changes) return;
      kept.add(row.key);
      if (!row.sum) unchecked += 1;
    };
    transact(db, () => {
      // What can be held against a checksum goes first: it must not lose its place to a row that cannot.
      for (const checked of [true, false]) {
        for (const fields of carveRows(file)) {
          const row = rowOf(fields);
          if (!row) continue;
          if (!isWhole(row)) dropped.add(row.key);
          else if (Boolean(row.sum) === checked) write(row);
        }
      }
    });
    return { kept: kept.size, unchecked, dropped: [...dropped].filter((key) => !kept.has(key)).length };
  } finally {
    db.close();
  }
}

/** A row that has the shape of a call: five texts, the first a hash, and perhaps a checksum. */
function rowOf(fields: Field[]): TapeRow | undefined {
  const [key, model, request, reply, at, sum] = fields;
  if (fields.length !== 5 && (fields.length !== 6 || sum === undefined)) return undefined;
  if (!key || !model || !request || !reply || !at || !/^[0-9a-f]{64}$/.test(key)) return undefined;
  return { key, model, request, reply, at, sum: sum ?? null };
}

/** How many threads and journaled calls a readable file holds; undefined where it holds none, or SQLite cannot read it. */
function threadsIn(file: string): { threads: number; journaled: number } | undefined {
  let db: DatabaseSync | undefined;
  try {
    db = openSqlite(file, {});
    const count = (table: string, what: string): number => {
      if (!db!.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(table)) return 0;
      return Number(db!.prepare(`SELECT count(${what}) AS n FROM ${table}`).get()!["n"]);
    };
    const found = { threads: count("checkpoints", "DISTINCT thread_id"), journaled: count("journal", "*") };
    return found.threads + found.journaled > 0 ? found : undefined;
  } catch {
    return undefined;
  } finally {
    db?.close();
  }
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
