import { statSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { CopeError } from "../errors.js";
import { isWhole, TapeRow } from "./tape-row.js";
import { openSqlite } from "./sqlite.js";
import { explainSqlite } from "./sqlite-errors.js";

/** What a tape holds. */
export interface TapeInfo {
  /** Size of the file and its log. */
  bytes: number;
  /** Calls that the tape answers. */
  calls: number;
  /** Rows that count as absent: no whole call. */
  unreadable: number;
  /** By model, `provider:model`; times are ISO 8601. */
  models: { model: string; calls: number; first: string; last: string }[];
}

/**
 * Counts what a tape holds, checking every row, and changes nothing.
 *
 * @throws CopeError `FILE_NOT_FOUND`, `FILE_BROKEN`, `TIMEOUT`
 */
export function tapeInfo(file: string): TapeInfo {
  const models = new Map<string, TapeInfo["models"][number]>();
  let unreadable = 0;
  const db = openExisting(file);
  const bytes = ["", "-wal"].reduce(
    (sum, end) => sum + (statSync(file + end, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
  try {
    for (const row of rowsOf(file, db)) {
      if (!row || !isWhole(row)) {
        unreadable += 1;
        continue;
      }
      const { model, at } = row;
      const seen = models.get(model) ?? { model, calls: 0, first: at, last: at };
      const [first, last] = [at < seen.first ? at : seen.first, at > seen.last ? at : seen.last];
      models.set(model, { model, calls: seen.calls + 1, first, last });
    }
  } finally {
    db.close();
  }
  const listed = [...models.values()].toSorted((a, b) => (a.model < b.model ? -1 : 1));
  return { bytes, calls: listed.reduce((sum, { calls }) => sum + calls, 0), unreadable, models: listed };
}

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
