import type { BaseCheckpointSaver } from "@langchain/langgraph";
import type { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import { CopeError } from "../errors.js";
import { openSqlite } from "../models/sqlite.js";
import { guarded } from "../models/sqlite-errors.js";
import { scrub } from "../models/sqlite-scrub.js";
import { betterSqliteShape } from "./better-sqlite-shape.js";

/** One thread of a checkpoint file. */
export interface SavedThread {
  thread: string;
  /** When it was last saved, as an ISO 8601 time; null where its last checkpoint is broken. */
  at: string | null;
  /** How many checkpoints are kept of it, subgraphs' included. */
  checkpoints: number;
}

/** A checkpoint file, open. */
export interface OpenSaver {
  /**
   * LangGraph's SqliteSaver, for `.compile({ checkpointer })`. Its `deleteThread` forgets a thread's checkpoints, and takes their
   * texts out of the file's bytes.
   */
  saver: BaseCheckpointSaver;
  /** All threads of the file, the last saved first. */
  listThreads(): SavedThread[];
  /** Lets go of the file. May be called twice. */
  close(): void;
}

/** With `max`, SQLite takes a group's other columns from the row that has it: the newest checkpoint's. */
const THREADS = `
SELECT thread_id AS thread, sum(held) AS checkpoints, max(at) AS at FROM (
  SELECT thread_id, count(*) AS held, max(checkpoint_id), CASE WHEN json_valid(CAST(checkpoint AS TEXT)) THEN json_extract(CAST(checkpoint AS TEXT), '$.ts') END AS at
  FROM checkpoints GROUP BY thread_id, checkpoint_ns
) GROUP BY thread_id ORDER BY at DESC`;

/**
 * Opens or creates a checkpoint file: LangGraph's own SqliteSaver over Node's SQLite, with no native package loaded.
 * The file may be shared with a journal and a tape, and with other processes.
 *
 * A checkpoint survives the death of the process; a power cut may cost the last ones, as with the journal.
 *
 * @param file - path, or `:memory:`.
 * @throws CopeError `PACKAGE_MISSING` without `@langchain/langgraph-checkpoint-sqlite`; `FILE_BROKEN`, `DISK_FULL`,
 * `TIMEOUT` or `NODE_TOO_OLD` as for any of our files.
 */
export async function openSaver(file: string): Promise<OpenSaver> {
  const Saver = await loadSaver();
  // SqliteSaver calls the database without waiting: the patience has to be SQLite's own.
  const db = openSqlite(file, { schema: "", busyMs: 10_000 });
  const saver = new Saver(betterSqliteShape(db, file) as never);
  // Its tables are made on first use, which `deleteThread` and our list do not count as.
  saver["setup"]();
  const deleteThread = saver.deleteThread.bind(saver);
  saver.deleteThread = async (thread) => {
    await deleteThread(thread);
    await scrub(db, file);
  };
  const threads = db.prepare(THREADS);
  let open = true;
  return {
    saver: saver as BaseCheckpointSaver,
    listThreads() {
      const rows = guarded(file, () => threads.all()) as unknown as SavedThread[];
      return rows.map((row) => ({ ...row })); // plain objects: SQLite's have no prototype
    },
    close() {
      if (open) db.close();
      open = false;
    },
  };
}

async function loadSaver(): Promise<typeof SqliteSaver> {
  try {
    return (await import("@langchain/langgraph-checkpoint-sqlite")).SqliteSaver;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    const reason = "saving threads needs the package @langchain/langgraph-checkpoint-sqlite.";
    throw new CopeError("PACKAGE_MISSING", reason, "npm install @langchain/langgraph-checkpoint-sqlite", { cause });
  }
}
