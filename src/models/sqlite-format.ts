import type { DatabaseSync } from "node:sqlite";
import { CopeError } from "../errors.js";
import { sumOf } from "./tape-row.js";

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
export function refuseForeign(file: string, db: DatabaseSync): void {
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
export function migrate(db: DatabaseSync): void {
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
