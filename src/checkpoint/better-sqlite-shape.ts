import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { transact } from "../models/sqlite.js";
import { guarded } from "../models/sqlite-errors.js";

/** The part of better-sqlite3's `Database` that LangGraph's SqliteSaver calls. */
export interface BetterSqliteShape {
  pragma(text: string): void;
  exec(sql: string): void;
  prepare(sql: string): {
    run(...values: unknown[]): unknown;
    get(...values: unknown[]): unknown;
    all(...values: unknown[]): unknown[];
  };
  transaction<Args extends unknown[], Result>(body: (...args: Args) => Result): (...args: Args) => Result;
}

const bind = (values: unknown[]) => values.map((value) => (value === undefined ? null : value) as SQLInputValue);

/**
 * Node's SQLite in the shape of better-sqlite3, so that SqliteSaver runs without a native package.
 *
 * They differ in one thing that matters: node:sqlite refuses to bind `undefined`, and SqliteSaver binds it for a first
 * checkpoint's parent, which better-sqlite3 takes for NULL.
 *
 * @param file - names the database in errors.
 */
export function betterSqliteShape(db: DatabaseSync, file: string): BetterSqliteShape {
  return {
    pragma: (text) => guarded(file, () => db.exec(`PRAGMA ${text}`)),
    exec: (sql) => guarded(file, () => db.exec(sql)),
    prepare(sql) {
      const statement = guarded(file, () => db.prepare(sql));
      return {
        run: (...values) => guarded(file, () => statement.run(...bind(values))),
        get: (...values) => guarded(file, () => statement.get(...bind(values))),
        all: (...values) => guarded(file, () => statement.all(...bind(values))),
      };
    },
    transaction:
      (body) =>
      (...args) =>
        guarded(file, () => transact(db, () => body(...args))),
  };
}
