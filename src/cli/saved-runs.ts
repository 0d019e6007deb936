import { existsSync } from "node:fs";
import { join } from "node:path";
import { stateDir } from "../home.js";
import { openSqlite, transact } from "../models/sqlite.js";
import { scrub } from "../models/sqlite-scrub.js";
import { sqliteJournal } from "../models/sqlite-journal.js";
import type { Journal } from "../models/journal.js";
import { openSaver, type OpenSaver } from "../checkpoint/sqlite-saver.js";
import type { SavedThread } from "./saved-thread.js";

/** How a thread was started: what a resumed run must not change. JSON. */
export type StartedWith = Record<string, unknown>;

/** One file with everything that is kept of threads: checkpoints, journal, and the options they were started with. */
export interface SavedRuns extends OpenSaver {
  journal: Journal;
  startedWith(thread: string): StartedWith | undefined;
  /** Undefined: whatever is known is forgotten. */
  remember(thread: string, options: StartedWith | undefined): void;
  /** Deletes a thread, and takes its texts out of the file's bytes. @throws CopeError as `scrub` does */
  forget(thread: string): Promise<void>;
  /** Takes a thread back to a finished turn: what came after it is forgotten, in checkpoints and journal. */
  rollBack(thread: string, to: SavedThread): void;
}

/** All that holds texts of threads, and how each names them. */
const TABLES = [
  ["checkpoints", "thread_id"],
  ["writes", "thread_id"],
  ["journal", "thread"],
  ["runs", "thread"],
] as const;

const TABLE = "CREATE TABLE IF NOT EXISTS runs (thread TEXT PRIMARY KEY, options TEXT NOT NULL)";

/** The file that is used unless `--checkpoint` names another. */
export function defaultFile(): string {
  return join(stateDir(), "threads.sqlite");
}

/** Whether there is anything to read: commands that only look must not create the file. */
export function hasSavedRuns(file: string): boolean {
  return existsSync(file);
}

/** Opens or creates a checkpoint file. @throws CopeError as `openSaver` does */
export async function openSavedRuns(file: string): Promise<SavedRuns> {
  const opened = await openSaver(file);
  const journal = sqliteJournal(file);
  const db = openSqlite(file, { schema: TABLE, busyMs: 10_000 });
  return {
    ...opened,
    journal,
    startedWith(thread) {
      const row = db.prepare("SELECT options FROM runs WHERE thread = ?").get(thread);
      return row && (JSON.parse(row["options"] as string) as StartedWith);
    },
    remember(thread, options) {
      if (!options) db.prepare("DELETE FROM runs WHERE thread = ?").run(thread);
      else
        db.prepare("INSERT INTO runs VALUES (?, ?) ON CONFLICT (thread) DO UPDATE SET options = excluded.options").run(
          thread,
          JSON.stringify(options),
        );
    },
    async forget(thread) {
      transact(db, () => {
        for (const [table, name] of TABLES) db.prepare(`DELETE FROM ${table} WHERE ${name} = ?`).run(thread);
      });
      await scrub(db, file);
    },
    rollBack(thread, { checkpoint, turn }) {
      // Names of checkpoints grow with time.
      transact(db, () => {
        db.prepare("DELETE FROM checkpoints WHERE thread_id = ? AND checkpoint_id > ?").run(thread, checkpoint);
        db.prepare("DELETE FROM writes WHERE thread_id = ? AND checkpoint_id > ?").run(thread, checkpoint);
        db.prepare("DELETE FROM journal WHERE thread = ? AND turn > ?").run(thread, turn);
      });
    },
    close() {
      db.close();
      journal.close();
      opened.close();
    },
  };
}
