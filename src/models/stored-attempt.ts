import { z } from "zod";
import type { JournalAttempt } from "./journal.js";
import { StoredReply } from "./reply-schema.js";

const nth = z.int().positive();
const StoredAttempt: z.ZodType<JournalAttempt> = z.discriminatedUnion("state", [
  z.looseObject({ attempt: nth, state: z.literal("intent") }),
  z.looseObject({ attempt: nth, state: z.literal("answered"), reply: StoredReply, cached: z.boolean() }),
  z.looseObject({
    attempt: nth,
    state: z.literal("failed"),
    error: z.looseObject({ code: z.string(), message: z.string() }),
    final: z.boolean(),
    ms: z.number(),
  }),
]);

/**
 * An attempt as a durable journal kept it, in the columns `attempt` and `body` (JSON). Where what became of it cannot be
 * read, it was made, and its answer is lost: it may have been billed.
 */
export function storedAttempt(row: Record<string, unknown>): JournalAttempt {
  const lost: JournalAttempt = { attempt: Number(row["attempt"]), state: "intent" };
  try {
    const read = StoredAttempt.safeParse(JSON.parse(String(row["body"])));
    return read.success && read.data.attempt === lost.attempt ? read.data : lost;
  } catch {
    return lost;
  }
}
