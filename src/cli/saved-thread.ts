import type { BaseCheckpointSaver } from "@langchain/langgraph";
import { CopeError } from "../errors.js";
import type { CascadeInput } from "./cascade.js";
import type { RunState } from "../state/channels.js";
import { quoted } from "./quoted.js";

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
