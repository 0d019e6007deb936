import { z } from "zod";

const Count = z.number().int().min(0);
/** Null where the server reports none. */
const Tokens = Count.nullable();
/** US dollars; null where a price or a token count is unknown. */
const Usd = z.number().min(0).nullable();

/** One attempt at one model call. Every attempt has a row, whatever became of it. */
export const LedgerEntry = z.object({
  /** `turn/stage/index/purpose`, or `turn/stage/purpose` for a guideline. */
  call: z.string(),
  /** From 1. */
  attempt: z.number().int().min(1),
  role: z.string(),
  model: z.string(),
  stage: z.string(),
  /** `embed`: a vector for a text, which only evaluations ask for. */
  purpose: z.enum(["goal", "guideline", "execute", "embed"]),
  /**
   * `cached`: read from the tape, costs nothing. `failed`: the server or the network said no. `lost`: in flight when a
   * process died; the provider may have billed it.
   */
  status: z.enum(["answered", "cached", "failed", "lost"]),
  inputTokens: Tokens,
  outputTokens: Tokens,
  /** Of the input: read from a cache of the provider's, at a price of its own. */
  cachedInputTokens: Count.optional(),
  /** Of the input: written to such a cache. */
  cacheWriteTokens: Count.optional(),
  /** Of what was written: to be kept for an hour. */
  hourCacheWriteTokens: Count.optional(),
  /** Of the output: what was thought. */
  reasoningTokens: Count.optional(),
  usd: Usd,
  /** Where the price is from. */
  price: z.enum(["local", "given", "table", "unknown"]),
  /** Wall-clock milliseconds. */
  ms: z.number().min(0),
  /** Code of a failed attempt's error. */
  error: z.string().optional(),
  /** Why it failed, in the words of the server or the client; private texts are hidden. */
  reason: z.string().optional(),
});
export type LedgerEntry = z.infer<typeof LedgerEntry>;

/** Tokens and dollars with whatever is unknown at its worst: what a budget is held to. */
const AtMost = z.object({ tokens: Tokens, usd: Usd });

/** What was spent, in the units of a budget. */
export const Spent = z.object({
  /** Attempts sent to models. */
  calls: Count,
  /** Input and output together; null where a server counted none. */
  tokens: Tokens,
  /** US dollars; null where a price is unknown, or where nobody knows whether a call was billed. */
  usd: Usd,
  /** Under a budget: the same with whatever is unknown at its worst. */
  atMost: AtMost.optional(),
});
export type Spent = z.infer<typeof Spent>;

const RoleBill = z.object({
  model: z.string(),
  calls: Count,
  cached: Count,
  lost: Count,
  inputTokens: Tokens,
  outputTokens: Tokens,
  /** Of the input, what the provider's cache held; absent where nobody told of any. */
  cachedInputTokens: Count.optional(),
  usd: Usd,
});

/** A role that answered none of the calls that a stage made to it. */
export const Unanswered = z.object({
  stage: z.string(),
  role: z.string(),
  /** Code of the first failure. */
  code: z.string(),
});
export type Unanswered = z.infer<typeof Unanswered>;

/** The bill of one turn. */
export const Ledger = z.object({
  /** Attempts sent; cached ones are apart, at no cost. */
  calls: Count,
  usd: Usd,
  /** What one plain call of the large model would have cost. */
  ifLargeAlone: z.object({
    inputTokens: z.number().min(0).nullable(),
    outputTokens: z.number().min(0).nullable(),
    usd: Usd,
    /** False only where the run itself made such a call. */
    estimated: z.boolean(),
  }),
  byRole: z.record(z.string(), RoleBill),
  /** Under a budget: tokens and dollars with calls of unknown cost at their worst, which is what the budget was held to. */
  atMost: AtMost.optional(),
  /** Roles that failed for a whole stage, which the run went on without; absent where none did. */
  unanswered: z.array(Unanswered).optional(),
  /** The last stage's answer could not be used: the stage whose answer stands in for it. */
  fallback: z.object({ from: z.string(), to: z.string() }).optional(),
});
export type Ledger = z.infer<typeof Ledger>;

/** What a thread has cost over all its turns. */
export const Bill = z.object({ turns: Count, calls: Count, usd: Usd });
export type Bill = z.infer<typeof Bill>;
