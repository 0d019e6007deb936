import type { DatabaseSync } from "node:sqlite";
import { CopeError } from "../errors.js";
import { openSqlite } from "./sqlite.js";
import { explainSqlite } from "./sqlite-errors.js";
import { TapeRow } from "./tape-row.js";

/** Opens a tape that must be there, and writes nothing to it. @throws CopeError `FILE_NOT_FOUND`, `FILE_BROKEN`, `TIMEOUT` */
export function openExisting(file: string): DatabaseSync {
  const db = openSqlite(file, {});
  try {
    if (db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'calls'").get()) return db;
    throw new CopeError("FILE_BROKEN", `${file} is no tape: it has no table of calls.`, "give the path of a tape.");
  } catch (error) {
    db.close();
    throw explainSqlite(file, error);
  }
}

/** The rows of a tape, oldest first, one at a time; undefined where one is not made of text. */
export function* rowsOf(file: string, db: DatabaseSync): Generator<TapeRow | undefined> {
  try {
    for (const row of db.prepare("SELECT * FROM calls ORDER BY rowid").iterate()) yield TapeRow.safeParse(row).data;
  } catch (error) {
    throw explainSqlite(file, error);
  }
}
