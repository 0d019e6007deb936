import type { Reply } from "./types.js";

/** Names one call of one run. */
export interface JournalKey {
  thread: string;
  /** The graph's checkpoint namespace less its last part: as a subgraph, the turn alone does not tell runs apart. */
  namespace: string;
  turn: number;
  /** The call's id in its turn. */
  call: string;
  /** `requestKey` of what was asked: after an aborted turn the same ids may carry another question. */
  request: string;
}

/** One attempt at a call, counted from 1: about to be sent, answered, or failed (`final`: no further attempt follows). */
export type JournalAttempt =
  | { attempt: number; state: "intent" }
  | { attempt: number; state: "answered"; reply: Reply; cached: boolean }
  | { attempt: number; state: "failed"; error: { code: string; message: string }; final: boolean; ms: number };

/** One row of a journal. */
export type JournalEntry = JournalKey & { attempt: JournalAttempt };

/**
 * What was asked and answered in a run, so that a resumed run buys nothing twice. An intent that has no outcome was
 * under way when the process died: the provider may have billed it.
 *
 * One's own journal is welcome; it keeps the rules that the memory and the SQLite one keep:
 * - an attempt is overwritten by its outcome, and keeps its place in `list`;
 * - an intent never replaces an outcome, nothing replaces an answer: of two processes that resume one thread, the first
 *   to be answered is believed by both;
 * - what is read is a copy.
 */
export interface Journal {
  /** False for the one in memory: a durable saver beside it warns. */
  readonly durable: boolean;
  /** The attempts of one call, in order of attempt; none when it was never about to be sent. */
  read(key: JournalKey): Promise<JournalAttempt[]>;
  /** Writes an intent before sending, and its outcome over it. A durable journal has it on record when this resolves. */
  write(key: JournalKey, attempt: JournalAttempt): Promise<void>;
  /** Every attempt of a thread, in the order in which each was first written. */
  list(thread: string): Promise<JournalEntry[]>;
  /** Drops all of a thread; unknown threads are no error. */
  forget(thread: string): Promise<void>;
  /** Lets go of what the journal holds open. May be called twice. */
  close(): void;
}

interface Row {
  key: JournalKey;
  attempt: number;
  state: JournalAttempt["state"];
  /** JSON, so that neither side can change the other's object. */
  body: string;
}

const name = (key: JournalKey) => JSON.stringify([key.thread, key.namespace, key.turn, key.call, key.request]);

const attemptOf = (row: Row) => JSON.parse(row.body) as JournalAttempt;

function append(rows: Map<string, Row[]>, place: string, row: Row): void {
  const there = rows.get(place);
  if (there) there.push(row);
  else rows.set(place, [row]);
}

/** A journal that ends with the process: the default beside a saver in memory. */
export function memoryJournal(): Journal {
  const threads = new Map<string, Row[]>();
  const calls = new Map<string, Row[]>();
  return {
    durable: false,
    async read(key) {
      const rows = calls.get(name(key)) ?? [];
      return rows.toSorted((a, b) => a.attempt - b.attempt).map(attemptOf);
    },
    async write({ thread, namespace, turn, call, request }, attempt) {
      const key = { thread, namespace, turn, call, request };
      const row = { key, attempt: attempt.attempt, state: attempt.state, body: JSON.stringify(attempt) };
      const old = calls.get(name(key))?.find((other) => other.attempt === row.attempt);
      if (!old) {
        append(calls, name(key), row);
        append(threads, thread, row);
      } else if (row.state !== "intent" && old.state !== "answered") {
        Object.assign(old, row);
      }
    },
    async list(thread) {
      return (threads.get(thread) ?? []).map((row) => ({ ...row.key, attempt: attemptOf(row) }));
    },
    async forget(thread) {
      for (const row of threads.get(thread) ?? []) calls.delete(name(row.key));
      threads.delete(thread);
    },
    close() {},
  };
}
