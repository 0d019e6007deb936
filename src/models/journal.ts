import { keepRecent } from "./bounded.js";
import type { Reply } from "./types.js";

/** Names one run: a turn of a thread. */
export interface TurnKey {
  thread: string;
  /** The graph's checkpoint namespace less its last part: as a subgraph, the turn alone does not tell runs apart. */
  namespace: string;
  turn: number;
}

/** Names one call of one run. */
export interface JournalKey extends TurnKey {
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
  /**
   * Drops all of a thread, or of one namespace in it the turns up to one; what is unknown is no error. All of a thread is wanted
   * gone from the disk as well, as far as the journal can see to it.
   */
  forget(thread: string, upTo?: { namespace: string; turn: number }): Promise<void>;
  /** Lets go of what the journal holds open. May be called twice. */
  close(): void;
}

/** The runs that the journal in memory keeps. Each is a few dozen short texts, and is forgotten when it has finished. */
const MOST_RUNS = 1_000;

/** One turn's attempts, in the order in which each was first written. */
interface Run {
  thread: string;
  namespace: string;
  turn: number;
  rows: Row[];
}

interface Row {
  /** Place among all rows of the journal. */
  nth: number;
  key: JournalKey;
  attempt: number;
  state: JournalAttempt["state"];
  /** JSON, so that neither side can change the other's object. */
  body: string;
}

const nameOf = ({ thread, namespace, turn }: TurnKey) => JSON.stringify([thread, namespace, turn]);

const attemptOf = (row: Row) => JSON.parse(row.body) as JournalAttempt;

/**
 * A journal that ends with the process: the default beside a saver in memory. It keeps the last thousand runs that were
 * aborted or failed; whoever resumes an older one pays for its calls again.
 */
export function memoryJournal(): Journal {
  const runs = new Map<string, Run>();
  let count = 0;
  const ofCall = ({ rows }: Run, { call, request }: JournalKey) =>
    rows.filter(({ key }) => key.call === call && key.request === request);
  return {
    durable: false,
    async read(key) {
      const run = runs.get(nameOf(key));
      return run
        ? ofCall(run, key)
            .toSorted((a, b) => a.attempt - b.attempt)
            .map(attemptOf)
        : [];
    },
    async write({ thread, namespace, turn, call, request }, attempt) {
      const key = { thread, namespace, turn, call, request };
      const run = runs.get(nameOf(key)) ?? { thread, namespace, turn, rows: [] };
      keepRecent(runs, nameOf(key), run, MOST_RUNS);
      const written = { attempt: attempt.attempt, state: attempt.state, body: JSON.stringify(attempt) };
      const old = ofCall(run, key).find((row) => row.attempt === written.attempt);
      if (!old) run.rows.push({ nth: count++, key, ...written });
      else if (written.state !== "intent" && old.state !== "answered") Object.assign(old, written);
    },
    async list(thread) {
      const rows = [...runs.values()].filter((run) => run.thread === thread).flatMap((run) => run.rows);
      return rows.toSorted((a, b) => a.nth - b.nth).map((row) => ({ ...row.key, attempt: attemptOf(row) }));
    },
    async forget(thread, upTo) {
      for (const [name, run] of runs) {
        const within = !upTo || (run.namespace === upTo.namespace && run.turn <= upTo.turn);
        if (run.thread === thread && within) runs.delete(name);
      }
    },
    close() {},
  };
}
