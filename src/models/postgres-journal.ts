import { setTimeout as sleep } from "node:timers/promises";
import type { Journal, JournalEntry, JournalKey } from "./journal.js";
import { explainPostgres, isCut } from "./postgres-errors.js";
import { storedAttempt } from "./stored-attempt.js";

/** What is needed of a pool of the package `pg`; `new pg.Pool(…)` is one. */
export interface PostgresPool {
  /** Sends one statement, with its parameters. */
  query(text: string, values?: any[]): Promise<{ rows: any[] }>;
}

/** One transaction; its lock keeps two processes from making the table at the same time, which PostgreSQL refuses one of them. */
const MAKE = `
SELECT pg_advisory_xact_lock(2506, 11578);
CREATE TABLE IF NOT EXISTS cope_journal (
  place BIGINT NOT NULL,
  thread TEXT NOT NULL,
  namespace TEXT NOT NULL,
  turn INTEGER NOT NULL,
  call TEXT NOT NULL,
  request TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  state TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (thread, namespace, turn, call, request, attempt)
)`;

/** The update keeps `place`; its condition is the rule of what may replace what. */
const WRITE = `
INSERT INTO cope_journal (thread, namespace, turn, call, request, attempt, state, body, place)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (thread, namespace, turn, call, request, attempt) DO UPDATE SET state = excluded.state, body = excluded.body
WHERE excluded.state <> 'intent' AND cope_journal.state <> 'answered'`;

const READ = `
SELECT attempt, body FROM cope_journal
WHERE thread = $1 AND namespace = $2 AND turn = $3 AND call = $4 AND request = $5 ORDER BY attempt`;

const LIST = `
SELECT thread, namespace, turn, call, request, attempt, body FROM cope_journal WHERE thread = $1 ORDER BY place`;

/** PostgreSQL keeps every text but the null character. */
const kept = (text: string) => text.replaceAll("\\", "\\\\").replaceAll("\0", "\\0");
const revived = (text: string) => text.replace(/\\(.)/g, (_, escaped) => (escaped === "0" ? "\0" : "\\"));

const columns = ({ thread, namespace, turn, call, request }: JournalKey) => [
  kept(thread),
  kept(namespace),
  turn,
  kept(call),
  kept(request),
];

/** Waits before a statement is sent again whose connection broke, milliseconds: all may be sent twice. */
const PAUSES = [100, 500, 2500];

/**
 * A journal in PostgreSQL, beside LangGraph's `PostgresSaver`: a thread goes on on any machine that reaches the database, and
 * buys nothing twice. Several processes may use it at once. Its table, `cope_journal`, is made at the first use, in the
 * first schema of the pool's search path.
 *
 * A write is on the server's record when `write` resolves. `list` orders what several machines wrote by their clocks.
 *
 * @param pool - a pool of the package `pg`, which may be the saver's; `close` leaves it open, since it is yours.
 * @throws CopeError at use: `NETWORK_UNREACHABLE`, `AUTH_REJECTED`, `DISK_FULL`, else `INTERNAL` with what the server said
 *
 * @example
 * const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
 * const saver = new PostgresSaver(pool);
 * await saver.setup();
 * const cope = createCope({ journal: postgresJournal(pool) }).compile({ checkpointer: saver });
 */
export function postgresJournal(pool: PostgresPool): Journal {
  let made: Promise<void> | undefined;
  let last = 0;
  /** Microseconds, never the same twice: rows of one process are in its order, those of several in their clocks'. */
  const place = () => (last = Math.max(last + 1, Date.now() * 1000));

  async function sent(text: string, values?: unknown[]): Promise<Record<string, unknown>[]> {
    for (let nth = 0; ; nth++) {
      try {
        return (await pool.query(text, values)).rows;
      } catch (error) {
        if (!isCut(error) || nth === PAUSES.length) throw explainPostgres(error);
      }
      await sleep(PAUSES[nth]);
    }
  }

  /** Looked for first: who may use a table need not be allowed to make one. */
  async function make(): Promise<void> {
    const [found] = await sent("SELECT to_regclass('cope_journal') IS NOT NULL AS there");
    if (!found?.["there"]) await sent(MAKE);
  }

  async function query(text: string, values: unknown[]) {
    made ??= make();
    await made.catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return sent(text, values);
  }

  return {
    durable: true,
    async read(key) {
      return (await query(READ, columns(key))).map(storedAttempt);
    },
    async write(key, attempt) {
      await query(WRITE, [...columns(key), attempt.attempt, attempt.state, JSON.stringify(attempt), place()]);
    },
    async list(thread) {
      return (await query(LIST, [kept(thread)])).map((row) => {
        const key = Object.entries(row).filter(([name]) => name !== "attempt" && name !== "body");
        const texts = key.map(([name, value]) => [name, typeof value === "string" ? revived(value) : value]);
        return { ...Object.fromEntries(texts), attempt: storedAttempt(row) } as JournalEntry;
      });
    },
    async forget(thread, upTo) {
      const turns = upTo ? " AND namespace = $2 AND turn <= $3" : "";
      const values = upTo ? [kept(upTo.namespace), upTo.turn] : [];
      await query(`DELETE FROM cope_journal WHERE thread = $1${turns}`, [kept(thread), ...values]);
    },
    close() {},
  };
}
