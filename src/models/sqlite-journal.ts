import type { Journal, JournalKey } from "./journal.js";
import { openSqlite } from "./sqlite.js";
import { whenFree } from "./sqlite-errors.js";
import { scrub } from "./sqlite-scrub.js";
import { storedAttempt } from "./stored-attempt.js";

const SCHEMA = `
CREATE TABLE IF NOT EXISTS journal (
  id INTEGER PRIMARY KEY,
  thread TEXT NOT NULL,
  namespace TEXT NOT NULL,
  turn INTEGER NOT NULL,
  call TEXT NOT NULL,
  request TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  state TEXT NOT NULL,
  body TEXT NOT NULL,
  UNIQUE (thread, namespace, turn, call, request, attempt)
)`;

/** The update keeps `id`, and so the place in the list; its condition is the rule of what may replace what. */
const WRITE = `
INSERT INTO journal (thread, namespace, turn, call, request, attempt, state, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET state = excluded.state, body = excluded.body
WHERE excluded.state <> 'intent' AND journal.state <> 'answered'`;

const READ = `
SELECT attempt, body FROM journal
WHERE thread = ? AND namespace = ? AND turn = ? AND call = ? AND request = ? ORDER BY attempt`;

const LIST = "SELECT thread, namespace, turn, call, request, attempt, body FROM journal WHERE thread = ? ORDER BY id";

const columns = (key: JournalKey) => [key.thread, key.namespace, key.turn, key.call, key.request];

/**
 * A journal in a SQLite file, which may be the checkpoint file or a tape; several processes may use it at once.
 *
 * Each write is one transaction, handed to the operating system when `write` resolves: the death of the process, also
 * by SIGKILL, loses none. A power cut may lose the last seconds, whose calls are then asked again.
 *
 * `forget(thread)` takes the thread's texts out of the file's bytes, too: it writes the file anew.
 *
 * @param file - path, or `:memory:`.
 * @throws CopeError `FILE_BROKEN`, `DISK_FULL`, `TIMEOUT` or `NODE_TOO_OLD`; `read` and `write` reject with the same.
 */
export function sqliteJournal(file: string): Journal {
  const db = openSqlite(file, { schema: SCHEMA });
  const write = db.prepare(WRITE);
  const read = db.prepare(READ);
  const list = db.prepare(LIST);
  const forget = db.prepare("DELETE FROM journal WHERE thread = ?");
  const forgetTurns = db.prepare("DELETE FROM journal WHERE thread = ? AND namespace = ? AND turn <= ?");
  let open = true;
  return {
    durable: file !== ":memory:",
    async read(key) {
      const rows = await whenFree(file, () => read.all(...columns(key)));
      return rows.map(storedAttempt);
    },
    async write(key, attempt) {
      const row = [...columns(key), attempt.attempt, attempt.state, JSON.stringify(attempt)];
      await whenFree(file, () => write.run(...row));
    },
    async list(thread) {
      const rows = await whenFree(file, () => list.all(thread));
      return rows.map((row) => {
        const { attempt: _, body: __, ...key } = row;
        return { ...(key as unknown as JournalKey), attempt: storedAttempt(row) };
      });
    },
    async forget(thread, upTo) {
      if (upTo) return void (await whenFree(file, () => forgetTurns.run(thread, upTo.namespace, upTo.turn)));
      await whenFree(file, () => forget.run(thread));
      await scrub(db, file);
    },
    close() {
      if (open) db.close();
      open = false;
    },
  };
}
