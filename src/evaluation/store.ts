import { z } from "zod";
import { CopeError } from "../errors.js";
import { openSqlite, transact } from "../models/sqlite.js";
import { guarded, whenFree } from "../models/sqlite-errors.js";
import { Draw } from "./draw.js";
import type { UnknownPair } from "../state/unknown.js";
import type { Problem } from "./problem.js";

/** What a recording is of: kept with its draws, so that tables can be made from the tape alone. */
export const Recording = z.object({
  /** Hash of data set, family, models and seed: the same again goes on with the same recording. */
  id: z.string(),
  /** Version of this shape. */
  version: z.literal(1),
  /** Name of the data set. */
  data: z.string(),
  family: z.string(),
  /** `provider:model` of each role, and the digest of embedded weights. */
  models: z.record(z.string(), z.object({ name: z.string(), digest: z.string().optional() })),
  seed: z.number().int(),
  logprobs: z.boolean(),
  /** Roles whose models were seen to think, though nothing had said so. */
  thinks: z.array(z.string()).optional(),
  /** ISO 8601, of the first draw. */
  at: z.string(),
});
export type Recording = z.infer<typeof Recording>;

/** What is kept of a problem: its place in the order, and what tables are split by. Never its text or its gold. */
export const ProblemNote = z.object({ id: z.string(), about: z.record(z.string(), z.string()) });
export type ProblemNote = z.infer<typeof ProblemNote>;

const SCHEMA = `
CREATE TABLE IF NOT EXISTS recordings (id TEXT PRIMARY KEY, about TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS problems (
  recording TEXT NOT NULL, place INTEGER NOT NULL, id TEXT NOT NULL, about TEXT NOT NULL, PRIMARY KEY (recording, id)
);
CREATE TABLE IF NOT EXISTS draws (
  recording TEXT NOT NULL, problem TEXT NOT NULL, series TEXT NOT NULL, given TEXT NOT NULL, "index" INTEGER NOT NULL,
  draw TEXT NOT NULL, PRIMARY KEY (recording, problem, series, given, "index")
);
CREATE TABLE IF NOT EXISTS unknown_pairs (
  recording TEXT NOT NULL, problem TEXT NOT NULL, pair TEXT NOT NULL, PRIMARY KEY (recording, problem, pair)
)`;

/** A comparison of a problem's values that could not be finished while it was recorded. */
export interface ProblemUnknown {
  problem: string;
  pair: UnknownPair;
}

/** Recorded draws, in the file of the tape whose calls they came from. */
export interface DrawStore {
  /** All recordings of the file, the one begun last first. */
  recordings(): Recording[];
  /**
   * Makes the recording known, or goes on with it: as it was begun, with the models of roles that joined since. `problems`
   * in their order; those known already keep their place.
   */
  begin(recording: Recording, problems: readonly Pick<Problem, "id" | "about">[]): Recording;
  /** Keeps that a role's model was seen to think. */
  saw(recording: string, role: string): void;
  /** Problems of a recording in their order. */
  problems(recording: string): ProblemNote[];
  /** Draws of a recording, of one problem or of all; rows that cannot be read are left out and counted. */
  read(recording: string, problem?: string): { draws: Draw[]; unreadable: number };
  /** Keeps a draw, in place of one at the same place. Returns when it is on the disk as SQLite promises it. */
  put(recording: string, draw: Draw): Promise<void>;
  /** Comparisons that could not be finished: they stay so, or the recording would decide otherwise than it did. */
  unknown(recording: string): ProblemUnknown[];
  /** Keeps such comparisons. */
  keepUnknown(recording: string, problem: string, pairs: readonly UnknownPair[]): Promise<void>;
  close(): void;
}

/**
 * Opens the draws of a tape.
 *
 * @param file - the tape; made where there is none, unless `existing`: then it is for reading alone.
 * @throws CopeError `FILE_NOT_FOUND`, `FILE_BROKEN`, `DISK_FULL`, `TIMEOUT`
 */
export function openDraws(file: string, { existing = false }: { existing?: boolean } = {}): DrawStore {
  // What is only read is not written to, be it a tape of calls alone.
  const db = openSqlite(file, existing ? {} : { schema: SCHEMA });
  const has = (table: string) =>
    !existing || guarded(file, () => db.prepare("SELECT 1 FROM sqlite_master WHERE name = ?").get(table)) !== undefined;
  const isThere = has("recordings");
  const all = (sql: string, ...values: string[]) =>
    isThere ? guarded(file, () => db.prepare(sql).all(...values)) : [];
  // Recordings of before 0.3.0 have none.
  const keepsUnknown = has("unknown_pairs");
  const recordingFrom = (about: unknown): Recording => {
    const parsed = Recording.safeParse(JSON.parse(String(about)));
    if (parsed.success) return parsed.data;
    const reason = `${file} holds a recording of another version.`;
    throw new CopeError("FILE_BROKEN", reason, "read it with the version of langgraph-cope that wrote it.", {
      cause: parsed.error,
    });
  };
  return {
    recordings: () => all("SELECT about FROM recordings ORDER BY rowid DESC").map(({ about }) => recordingFrom(about)),
    begin(recording, problems) {
      const insert = db.prepare("INSERT INTO problems VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING");
      const known = db.prepare("SELECT count(*) AS count FROM problems WHERE recording = ?");
      const earlier = db.prepare("SELECT about FROM recordings WHERE id = ?");
      // In place: `OR REPLACE` would make it the one begun last.
      const keep = db.prepare(
        "INSERT INTO recordings VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET about = excluded.about",
      );
      return guarded(file, () =>
        transact(db, () => {
          const row = earlier.get(recording.id);
          const begun = row && recordingFrom(row["about"]);
          const merged = begun ? { ...begun, models: { ...begun.models, ...recording.models } } : recording;
          keep.run(recording.id, JSON.stringify(merged));
          const before = Number(known.get(recording.id)!["count"]);
          problems.forEach(({ id, about }, i) => insert.run(recording.id, before + i, id, JSON.stringify(about)));
          return merged;
        }),
      );
    },
    saw(recording, role) {
      guarded(file, () => {
        const row = db.prepare("SELECT about FROM recordings WHERE id = ?").get(recording);
        if (!row) return;
        const about = recordingFrom(row["about"]);
        const thinks = [...new Set([...(about.thinks ?? []), role])];
        db.prepare("UPDATE recordings SET about = ? WHERE id = ?").run(JSON.stringify({ ...about, thinks }), recording);
      });
    },
    problems: (recording) =>
      all("SELECT id, about FROM problems WHERE recording = ? ORDER BY place", recording).map(({ id, about }) =>
        ProblemNote.parse({ id, about: JSON.parse(String(about)) }),
      ),
    read(recording, problem) {
      const rows =
        problem === undefined
          ? all("SELECT draw FROM draws WHERE recording = ?", recording)
          : all("SELECT draw FROM draws WHERE recording = ? AND problem = ?", recording, problem);
      const draws = rows.flatMap(({ draw }) => readDraw(String(draw)) ?? []);
      return { draws, unreadable: rows.length - draws.length };
    },
    async put(recording, draw) {
      const { problem, series, given, index } = draw;
      const insert = db.prepare("INSERT OR REPLACE INTO draws VALUES (?, ?, ?, ?, ?, ?)");
      await whenFree(file, () => insert.run(recording, problem, series, given, index, JSON.stringify(draw)));
    },
    unknown: (recording) =>
      keepsUnknown
        ? all("SELECT problem, pair FROM unknown_pairs WHERE recording = ?", recording).map(({ problem, pair }) => ({
            problem: String(problem),
            pair: JSON.parse(String(pair)) as UnknownPair,
          }))
        : [],
    async keepUnknown(recording, problem, pairs) {
      const insert = db.prepare("INSERT OR IGNORE INTO unknown_pairs VALUES (?, ?, ?)");
      for (const pair of pairs) await whenFree(file, () => insert.run(recording, problem, JSON.stringify(pair)));
    },
    close: () => db.close(),
  };
}

function readDraw(text: string): Draw | undefined {
  try {
    return Draw.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
