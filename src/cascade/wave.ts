import type { Missing } from "../scorers/types.js";
import type { LedgerEntry } from "../state/ledger.js";
import type { Budget } from "../state/options.js";
import type { WavePolicy } from "../state/stage.js";

/** Most waves of a stage: the last takes what remains, so that waiting is bounded. */
export const MAX_WAVES = 3;

/** Where a stage stands between two waves. */
export interface WaveRequest {
  policy: WavePolicy;
  /** Waves already drawn. */
  waves: number;
  /** Samples already drawn. */
  drawn: number;
  /** Samples the stage will have when all are drawn. */
  planned: number;
  /** What the scorer says is missing; absent where it cannot tell, and then everything is drawn at once. */
  missing?: Missing;
}

/**
 * Size of the next wave: 1 … planned - drawn, and 0 only when nothing is left to draw.
 *
 * Ask only while `decide` says `sample`: a wave is never empty, so that a stage always gets on.
 */
export function nextWave({ policy, waves, drawn, planned, missing }: WaveRequest): number {
  const remaining = Math.max(0, planned - drawn);
  if (policy === "all" || missing === undefined || waves >= MAX_WAVES - 1) return remaining;
  const wanted = policy === "fewest" ? Math.min(missing.toAccept, missing.toEscalate) : missing.toAccept;
  // `wanted` is Infinity where that decision is out of reach.
  return Math.min(remaining, Math.max(1, wanted));
}

/** What something costs at the most. */
export interface Worst {
  /** Dollars; null where a price is unknown. */
  usd: number | null;
  calls: number;
  tokens: number;
}

/** A wave that is wanted, and what may be spent on it. */
export interface WaveCost {
  /** Samples wanted. */
  count: number;
  /** How often each call may be tried, at the most. */
  attempts: number;
  /** Worst case of a sample. */
  each: Worst;
  /** Worst case of what is still to be paid once for all: a guideline. */
  once: Worst;
  /** What the budget has left. */
  left: Budget;
}

/** How many samples of a wave the budget allows, and how often each call may then be tried. */
export function affordable({ count: wanted, attempts, each, once, left }: WaveCost): {
  count: number;
  attempts: number;
} {
  // Unknown prices are refused at the start where a budget in dollars is set.
  const fits = (count: number, tries: number) =>
    (["usd", "calls", "tokens"] as const).every(
      (unit) =>
        left[unit] === undefined || ((each[unit] ?? Infinity) * count + (once[unit] ?? Infinity)) * tries <= left[unit],
    );
  // More samples are worth more than more retries: a retry is only ever needed when a call fails.
  for (let count = wanted; count > 0; count--) {
    for (let tries = attempts; tries > 0; tries--) if (fits(count, tries)) return { count, attempts: tries };
  }
  return { count: 0, attempts: 1 };
}

/** What the budget has left after the rows so far. What is unknown in them counts for nothing. */
export function leftOf(budget: Budget, calls: readonly LedgerEntry[]): Budget {
  const sent = calls.filter(({ status }) => status !== "cached");
  const total = (of: (entry: LedgerEntry) => number) => sent.reduce((sum, entry) => sum + of(entry), 0);
  return {
    ...(budget.usd === undefined ? {} : { usd: budget.usd - total(({ usd }) => usd ?? 0) }),
    ...(budget.calls === undefined ? {} : { calls: budget.calls - sent.length }),
    ...(budget.tokens === undefined
      ? {}
      : { tokens: budget.tokens - total(({ inputTokens, outputTokens }) => (inputTokens ?? 0) + (outputTokens ?? 0)) }),
  };
}
