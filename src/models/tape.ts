import { realpathSync } from "node:fs";
import { z } from "zod";
import { parseOptions } from "../options-error.js";
import { canonicalRequest, requestKey } from "./request-key.js";
import { openSqlite, transact } from "./sqlite.js";
import { guarded, whenFree } from "./sqlite-errors.js";
import { INSERT_ROW, parametersOf, readReply, REPLACE_ROW, TAPE_SCHEMA, type TapeRow } from "./tape-row.js";
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
   * A reply that could not be recorded is returned all the same, with a warning (`COPE_TAPE_UNWRITTEN`), since it is
   * paid for; the next call that would have to be asked fails with the reason instead, before it is sent.
   *
   * @throws what `ask` throws; CopeError `FILE_BROKEN`, `DISK_FULL` or `TIMEOUT` when the file fails.
   */
  once(request: ModelRequest, ask: () => Promise<Reply>): Promise<{ reply: Reply; cached: boolean }>;
  /** Lets go of the file. Asks still under way get their reply, unrecorded. */
  close(): void;
}

/** Asks under way, by file and key: two tapes on one file share them too. */
const underWay = new Map<string, Promise<Reply>>();

let memoryTapes = 0;

const Options = z.strictObject({ maxBytes: z.number().positive().optional() });

/** How a tape is kept. */
export interface TapeOptions {
  /**
   * Size of the file in bytes from which on nothing more is recorded: asks still get their reply, and a warning says so
   * once. Nothing is dropped to make room, for a tape that forgets would ask again, and pay again, unnoticed.
   * @default no limit
   */
  maxBytes?: number;
}

/**
 * Opens or creates a tape: a SQLite file that several processes may read and write at once.
 *
 * A recorded reply survives the death of the process; after a power cut the last ones may be missing, the file is whole.
 * A row that cannot be read as a reply counts as absent, and is replaced when the call is made again.
 *
 * @param file - path, or `:memory:`.
 * @throws CopeError `OPTIONS_INVALID`, `FILE_BROKEN`, `DISK_FULL`, `TIMEOUT` or `NODE_TOO_OLD`.
 */
export function openTape(file: string, options: TapeOptions = {}): Tape {
  const { maxBytes } = parseOptions(Options, options, "openTape");
  const db = openSqlite(file, { schema: TAPE_SCHEMA });
  const place = file === ":memory:" ? `:memory:${(memoryTapes += 1)}` : realpathSync(file);
  const find = db.prepare("SELECT reply, sum FROM calls WHERE key = ?");
  const keep = db.prepare(INSERT_ROW);
  const replace = db.prepare(REPLACE_ROW);
  const size = db.prepare("SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size");
  let open = true;
  let warned = false;
  let unwritten: unknown;

  const read = (key: string): Reply | undefined => {
    const row = guarded(file, () => find.get(key));
    return row && readReply({ ...(row as Pick<TapeRow, "reply" | "sum">), key });
  };

  const isFull = () => {
    if (maxBytes === undefined || Number(size.get()!["bytes"]) < maxBytes) return false;
    if (!warned) {
      const said = `The tape ${file} has reached its limit of ${maxBytes} bytes: nothing more is recorded on it.`;
      process.emitWarning(said, { code: "COPE_TAPE_FULL" });
    }
    return (warned = true);
  };

  async function record(key: string, request: ModelRequest, reply: Reply): Promise<Reply> {
    const model = `${request.model.provider}:${request.model.model}`;
    const at = new Date().toISOString();
    const row = parametersOf({ key, model, request: canonicalRequest(request), reply: JSON.stringify(reply), at });
    try {
      return await whenFree(file, () => {
        if (!open || isFull() || keep.run(row).changes) return reply;
        // Another process was first, or the row that is there cannot be read.
        return transact(db, () => {
          const first = read(key);
          if (first) return { ...first, usage: reply.usage, ms: reply.ms };
          replace.run(row);
          return reply;
        });
      });
    } catch (error) {
      if (!unwritten)
        process.emitWarning(`A reply was not recorded: ${(error as Error).message}`, { code: "COPE_TAPE_UNWRITTEN" });
      unwritten = error;
      return reply;
    }
  }

  return {
    async once(request, ask) {
      const key = requestKey(request);
      const shared = `${place}\n${key}`;
      const asked = underWay.get(shared);
      if (asked) return { reply: structuredClone(await asked), cached: true };
      const found = read(key);
      if (found) return { reply: found, cached: true };
      if (unwritten) {
        const reason = unwritten;
        unwritten = undefined; // whoever asks again after that has mended it
        throw reason;
      }
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
