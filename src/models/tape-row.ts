import { createHash } from "node:crypto";
import { z } from "zod";
import { StoredReply } from "./reply-schema.js";
import type { Reply } from "./types.js";

/**
 * The table of a tape. `request` holds what the key is the hash of, so that a tape can be read, checked and carried on;
 * `sum` guards the reply, which the key says nothing about. Null in rows that a version before the sums wrote.
 */
export const TAPE_SCHEMA = `
CREATE TABLE IF NOT EXISTS calls (
  key TEXT PRIMARY KEY,
  model TEXT NOT NULL,
  request TEXT NOT NULL,
  reply TEXT NOT NULL,
  at TEXT NOT NULL,
  sum TEXT
)`;

/** One recorded call, as the file holds it: `request` is canonical JSON, `reply` is JSON, `at` is ISO 8601. */
export const TapeRow = z.object({
  key: z.string(),
  model: z.string(),
  request: z.string(),
  reply: z.string(),
  at: z.string(),
  sum: z.string().nullish(),
});
export type TapeRow = z.infer<typeof TapeRow>;

/** Writes a row where its key is new. Its parameters are those of {@link parametersOf}. */
export const INSERT_ROW =
  "INSERT INTO calls (key, model, request, reply, at, sum) VALUES (:key, :model, :request, :reply, :at, :sum) ON CONFLICT DO NOTHING";

/** Writes a row over one of the same key. */
export const REPLACE_ROW = INSERT_ROW.replace(
  "DO NOTHING",
  "DO UPDATE SET model = :model, request = :request, reply = :reply, at = :at, sum = :sum",
);

const hash = (text: string) => createHash("sha256").update(text).digest("hex");

/**
 * The checksum of a recorded reply: SHA-256, hexadecimal, of key and reply together, so that neither a changed reply nor
 * another row's is taken for the one that was recorded.
 */
export const sumOf = (key: string, reply: string): string => hash(`${key}\n${reply}`);

/** A row as a statement's parameters, with a checksum of its own. */
export function parametersOf({ key, model, request, reply, at }: TapeRow) {
  return { key, model, request, reply, at, sum: sumOf(key, reply) };
}

/** A recorded reply; undefined where the text is not one, or not the one that was recorded: such a row counts as absent. */
export function readReply({ key, reply, sum }: Pick<TapeRow, "key" | "reply" | "sum">): Reply | undefined {
  if (typeof sum === "string" && sum !== sumOf(key, reply)) return undefined;
  try {
    return StoredReply.parse(JSON.parse(reply));
  } catch {
    return undefined;
  }
}

/** Whether a row is whole: the key is the hash of its request, and its reply is the one that was recorded. */
export function isWhole(row: TapeRow): boolean {
  return hash(row.request) === row.key && readReply(row) !== undefined;
}
