import type { BaseCheckpointSaver } from "@langchain/langgraph";
import { CopeError } from "../errors.js";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { stateDir } from "../home.js";
import { openSqlite, transact } from "../storage/sqlite.js";
import { scrub } from "../storage/sqlite-scrub.js";
import { sqliteJournal } from "../storage/sqlite-journal.js";
import type { Journal } from "../storage/journal.js";
import { openSaver, type OpenSaver } from "../storage/saver.js";
import type { RunState } from "../state/channels.js";
import type { CascadeInput } from "./cascade.js";
import { quoted } from "./output.js";

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

/** What a thread's newest checkpoint holds, read without a graph. */
export interface SavedThread {
  /** Name of the checkpoint. */
  checkpoint: string;
  /** Nothing is left to do: the last question has its answer. */
  finished: boolean;
  /** The node that is next, where it is one alone. */
  next?: string;
  /** Turns that have begun. */
  turn: number;
  /** The last question; undefined in what other graphs have saved. */
  question?: string;
  /** What was asked last, where no node has read it yet. */
  input?: CascadeInput;
  /** State as far as it is there: nothing before the first node has run. */
  values: Partial<RunState>;
}

/**
 * A thread as it stands; undefined where nothing of it is saved.
 *
 * @throws CopeError `FILE_BROKEN` where its checkpoint cannot be read
 */
export function readThread(saver: BaseCheckpointSaver, thread: string): Promise<SavedThread | undefined> {
  return readable(thread, async () => {
    const found = await saver.getTuple({ configurable: { thread_id: thread, checkpoint_ns: "" } });
    return found && described(found.checkpoint.id, found.checkpoint.channel_values);
  });
}

/** The end of a thread's last finished turn; undefined where none is finished. @throws CopeError `FILE_BROKEN` */
export function lastFinished(saver: BaseCheckpointSaver, thread: string): Promise<SavedThread | undefined> {
  return readable(thread, async () => {
    // Newest first.
    for await (const { checkpoint } of saver.list({ configurable: { thread_id: thread, checkpoint_ns: "" } })) {
      const read = described(checkpoint.id, checkpoint.channel_values);
      if (read.finished) return read;
    }
    return undefined;
  });
}

/** What is saved of a thread is text from a file: whatever reading it throws says that the file was damaged. */
export async function readable<T>(thread: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (CopeError.isInstance(cause)) throw cause;
    const reason = `what is saved of the thread "${thread}" is damaged and cannot be read.`;
    const remedy = `cope threads rm ${quoted(thread)}, with the same --checkpoint, forgets it; the file's other threads stay.`;
    throw new CopeError("FILE_BROKEN", reason, remedy, { cause });
  }
}

const BRANCH = "branch:to:";

/** Reads LangGraph's own channels: a node that is due has one, and so has an input that nobody has read yet. */
function described(checkpoint: string, channels: Record<string, unknown>): SavedThread {
  const values = channels as Partial<RunState>;
  const input = channels["__start__"] as Partial<CascadeInput> | undefined;
  const sent = (channels["__pregel_tasks"] as unknown[] | undefined) ?? [];
  const due = Object.keys(channels).filter((name) => name.startsWith(BRANCH));
  const task = values.task as { question?: unknown } | undefined;
  const question = input ? input.question : (channels["question"] ?? task?.question);
  return {
    checkpoint,
    finished: input === undefined && sent.length === 0 && due.length === 0,
    ...(due.length === 1 && sent.length === 0 ? { next: due[0]!.slice(BRANCH.length) } : {}),
    turn: values.turn ?? 0,
    ...(typeof question === "string" ? { question } : {}),
    ...(input && typeof question === "string" ? { input: { ...input, question } } : {}),
    values,
  };
}
