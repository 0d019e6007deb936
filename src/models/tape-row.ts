import { createHash } from "node:crypto";
import { z } from "zod";
import type { Reply } from "./types.js";

/** The table of a tape. `request` holds what the key is the hash of, so that a tape can be read, checked and carried on. */
export const TAPE_SCHEMA = `
CREATE TABLE IF NOT EXISTS calls (
  key TEXT PRIMARY KEY,
  model TEXT NOT NULL,
  request TEXT NOT NULL,
  reply TEXT NOT NULL,
  at TEXT NOT NULL
)`;

/** One recorded call, as the file holds it: `request` is canonical JSON, `reply` is JSON, `at` is ISO 8601. */
export const TapeRow = z.object({
  key: z.string(),
  model: z.string(),
  request: z.string(),
  reply: z.string(),
  at: z.string(),
});
export type TapeRow = z.infer<typeof TapeRow>;

/** Writes a row where its key is new. */
export const INSERT_ROW =
  "INSERT INTO calls (key, model, request, reply, at) VALUES (:key, :model, :request, :reply, :at) ON CONFLICT DO NOTHING";

const Tokens = z.number().min(0).nullable();

const StoredReply: z.ZodType<Reply> = z.looseObject({
  text: z.string(),
  usage: z.looseObject({ inputTokens: Tokens, outputTokens: Tokens }),
  ms: z.number(),
  finish: z.string().optional(),
  logprobs: z.array(z.number()).optional(),
});

/** A recorded reply; undefined where the text is not one: such a row counts as absent. */
export function parseReply(text: unknown): Reply | undefined {
  try {
    return StoredReply.parse(JSON.parse(String(text)));
  } catch {
    return undefined;
  }
}

/** Whether a row is whole: the key is the hash of its request, and its reply is one. */
export function isWhole({ key, request, reply }: TapeRow): boolean {
  return createHash("sha256").update(request).digest("hex") === key && parseReply(reply) !== undefined;
}
