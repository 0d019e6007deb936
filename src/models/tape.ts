import { realpathSync } from "node:fs";
import { canonicalRequest, requestKey } from "./request-key.js";
import { openSqlite } from "./sqlite.js";
import { guarded, whenFree } from "./sqlite-errors.js";
import type { ModelRequest, Reply } from "./types.js";

export { requestKey } from "./request-key.js";

/** Recorded draws, so that the same question to the same model with the same seed is asked once, ever. */
export interface Tape {
  /**
   * The recorded reply for this request, or that of `ask()`, recorded before it is returned.
   *
   * Equal asks at the same time in this process share one call: `cached` is false for the one that made it alone. A
   * failing ask is not recorded and fails for all sharers. Where another process recorded the same request first, its
   * text is returned, for a replay must read what this run read, with the tokens and time of the call made here.
   *
   * @throws what `ask` throws; CopeError `FILE_BROKEN`, `DISK_FULL` or `TIMEOUT` when the file fails.
   */
  once(request: ModelRequest, ask: () => Promise<Reply>): Promise<{ reply: Reply; cached: boolean }>;
  /** Lets go of the file. Asks still under way get their reply, unrecorded. */
  close(): void;
}

/** `request` holds what the key is the hash of, so that a tape can be read by people and carried to a later format. */
const SCHEMA = `
CREATE TABLE IF NOT EXISTS calls (
  key TEXT PRIMARY KEY,
  model TEXT NOT NULL,
  request TEXT NOT NULL,
  reply TEXT NOT NULL,
  at TEXT NOT NULL
)`;

/** Asks under way, by file and key: two tapes on one file share them too. */
const underWay = new Map<string, Promise<Reply>>();

let memoryTapes = 0;

/**
 * Opens or creates a tape: a SQLite file that several processes may read and write at once.
 *
 * A recorded reply survives the death of the process; after a power cut the last ones may be missing, the file is whole.
 *
 * @param file - path, or `:memory:`.
 * @throws CopeError `FILE_BROKEN`, `DISK_FULL`, `TIMEOUT` or `NODE_TOO_OLD`.
 */
export function openTape(file: string): Tape {
  const db = openSqlite(file, { schema: SCHEMA });
  const place = file === ":memory:" ? `:memory:${(memoryTapes += 1)}` : realpathSync(file);
  const find = db.prepare("SELECT reply FROM calls WHERE key = ?");
  const keep = db.prepare(
    "INSERT INTO calls (key, model, request, reply, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
  );
  let open = true;

  const read = (key: string): Reply | undefined => {
    const row = guarded(file, () => find.get(key));
    return row && (JSON.parse(row["reply"] as string) as Reply);
  };

  async function record(key: string, request: ModelRequest, reply: Reply): Promise<Reply> {
    const model = `${request.model.provider}:${request.model.model}`;
    const row = [key, model, canonicalRequest(request), JSON.stringify(reply), new Date().toISOString()];
    const kept = await whenFree(file, () => (open ? keep.run(...row).changes : 1));
    if (kept) return reply;
    const first = read(key);
    return first ? { ...first, usage: reply.usage, ms: reply.ms } : reply;
  }

  return {
    async once(request, ask) {
      const key = requestKey(request);
      const shared = `${place}\n${key}`;
      const asked = underWay.get(shared);
      if (asked) return { reply: structuredClone(await asked), cached: true };
      const found = read(key);
      if (found) return { reply: found, cached: true };
      // No await between the look-up above and this line, or two equal asks could both be sent.
      const asking = (async () => record(key, request, await ask()))();
      underWay.set(shared, asking);
      try {
        return { reply: await asking, cached: false };
      } finally {
        underWay.delete(shared);
      }
    },
    close() {
      if (open) db.close();
      open = false;
    },
  };
}
