import { statSync } from "node:fs";
import { openExisting, rowsOf } from "./tape-existing.js";
import { isWhole } from "./tape-row.js";

/** What a tape holds. */
export interface TapeInfo {
  /** Size of the file and its log. */
  bytes: number;
  /** Calls that the tape answers. */
  calls: number;
  /** Rows that count as absent: no whole call. */
  unreadable: number;
  /** By model, `provider:model`; times are ISO 8601. */
  models: { model: string; calls: number; first: string; last: string }[];
}

/**
 * Counts what a tape holds, checking every row, and changes nothing.
 *
 * @throws CopeError `FILE_NOT_FOUND`, `FILE_BROKEN`, `TIMEOUT`
 */
export function tapeInfo(file: string): TapeInfo {
  const models = new Map<string, TapeInfo["models"][number]>();
  let unreadable = 0;
  const db = openExisting(file);
  const bytes = ["", "-wal"].reduce(
    (sum, end) => sum + (statSync(file + end, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
  try {
    for (const row of rowsOf(file, db)) {
      if (!row || !isWhole(row)) {
        unreadable += 1;
        continue;
      }
      const { model, at } = row;
      const seen = models.get(model) ?? { model, calls: 0, first: at, last: at };
      const [first, last] = [at < seen.first ? at : seen.first, at > seen.last ? at : seen.last];
      models.set(model, { model, calls: seen.calls + 1, first, last });
    }
  } finally {
    db.close();
  }
  const listed = [...models.values()].toSorted((a, b) => (a.model < b.model ? -1 : 1));
  return { bytes, calls: listed.reduce((sum, { calls }) => sum + calls, 0), unreadable, models: listed };
}
