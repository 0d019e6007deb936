import { openSqlite } from "../models/sqlite.js";
import { guarded } from "../models/sqlite-errors.js";
import { openDraws, type Recording } from "./store.js";

/** A recording and how much there is of it. */
export interface RecordingSize extends Recording {
  /** Problems of which something is recorded. */
  problems: number;
  draws: number;
}

/**
 * The recordings of a tape, the one begun last first; none where it holds calls alone. Changes nothing.
 *
 * @throws CopeError `FILE_NOT_FOUND`, `FILE_BROKEN`
 */
export function recordingsOf(file: string): RecordingSize[] {
  const db = openSqlite(file, {});
  const sizes = new Map<string, { problems: number; draws: number }>();
  try {
    const table = guarded(file, () => db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'draws'").get());
    if (!table) return [];
    const rows = guarded(file, () =>
      db
        .prepare(
          "SELECT recording, count(*) AS draws, count(DISTINCT problem) AS problems FROM draws GROUP BY recording",
        )
        .all(),
    );
    for (const { recording, draws, problems } of rows)
      sizes.set(String(recording), { problems: Number(problems), draws: Number(draws) });
  } finally {
    db.close();
  }
  const store = openDraws(file, { existing: true });
  try {
    return store.recordings().map((one) => ({ ...one, ...(sizes.get(one.id) ?? { problems: 0, draws: 0 }) }));
  } finally {
    store.close();
  }
}
