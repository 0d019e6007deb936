import { existsSync, renameSync, rmSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { loadSqlite } from "./load-sqlite.js";
import { openSqlite, transact } from "./sqlite.js";
import { guarded } from "./sqlite-errors.js";
import { INSERT_ROW, isWhole, TAPE_SCHEMA, TapeRow } from "./tape-row.js";
import { notFound } from "./tape-transfer.js";

/** What a repair kept. */
export interface Repaired {
  /** Calls that were readable and whole. */
  kept: number;
  /** Rows that were there and are not: no whole call. Rows on pages that cannot be read at all are not counted. */
  dropped: number;
  /** Where the broken file is now. */
  aside: string;
}

/**
 * Saves what is readable of a broken tape: whole calls move to a new file in its place, and the broken one is put aside under
 * another name, with its log. Every call is held against its own hash, so that no reply comes back that was not recorded.
 * Let no other process have the file open.
 *
 * @throws CopeError `FILE_NOT_FOUND`, `DISK_FULL`, `FILE_BROKEN` where the folder cannot be written.
 */
export function repairTape(file: string): Repaired {
  if (!existsSync(file)) throw notFound(file);
  const aside = freeName(file);
  for (const end of ["", "-wal", "-shm"]) {
    if (existsSync(file + end)) guarded(file, () => renameSync(file + end, aside + end));
  }
  const db = openSqlite(file, { schema: TAPE_SCHEMA });
  const keep = db.prepare(INSERT_ROW);
  const seen = { kept: 0, dropped: 0 };
  try {
    guarded(file, () =>
      transact(db, () => {
        for (const row of readable(aside)) {
          const { data } = TapeRow.safeParse(row);
          if (data && isWhole(data)) seen.kept += Number(keep.run(data).changes);
          else seen.dropped += 1;
        }
      }),
    );
  } finally {
    db.close();
  }
  return { ...seen, aside };
}

/** Every row that any way of looking finds: one by one by number, for a page that cannot be read ends a walk over all. */
function* readable(file: string): Generator<Record<string, unknown>> {
  const db = tolerantly(() => openRaw(file));
  if (!db) return;
  try {
    const last = (order: "ASC" | "DESC") =>
      Number(tolerantly(() => db.prepare(`SELECT rowid FROM calls ORDER BY rowid ${order} LIMIT 1`).get())?.["rowid"]);
    // Where the end cannot be read, the numbers are tried until many in a row are missing.
    const end = last("DESC") || Infinity;
    const find = tolerantly(() => db.prepare("SELECT key, model, request, reply, at FROM calls WHERE rowid = ?"));
    for (let id = last("ASC") || 1, missing = 0; find && id <= end && missing < MISSING_IN_A_ROW; id += 1) {
      const row = tolerantly(() => find.get(id));
      missing = row ? 0 : missing + 1;
      if (row) yield row;
    }
  } finally {
    tolerantly(() => db.close());
  }
}

/** A page holds a handful of calls; a hole this wide is the end of the tape. */
const MISSING_IN_A_ROW = 100_000;

function openRaw(file: string): DatabaseSync {
  const { DatabaseSync } = loadSqlite();
  const db = new DatabaseSync(file, { enableForeignKeyConstraints: false });
  // The index of keys may be what is broken.
  tolerantly(() => db.exec("PRAGMA writable_schema = ON; PRAGMA query_only = ON"));
  return db;
}

function tolerantly<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

function freeName(file: string): string {
  for (let n = 1; ; n += 1) if (!existsSync(`${file}.broken-${n}`)) return `${file}.broken-${n}`;
}
