import type { Ledger, LedgerEntry, Spent } from "../state/ledger.js";
import { UNBILLED } from "./failure.js";
import type { JournalAttempt } from "./journal.js";
import type { PriceBook } from "./prices.js";
import type { PricedModel, Usage } from "./types.js";

/** Which call a row is about. */
type Call = Pick<LedgerEntry, "call" | "role" | "stage" | "purpose">;

const NO_USAGE: Usage = { inputTokens: null, outputTokens: null };

/** The ledger's row for one attempt, whether it was just made or is read back from the journal. */
export function ledgerEntry(
  attempt: JournalAttempt,
  { call, role, stage, purpose }: Call,
  identity: PricedModel,
  prices: PriceBook,
): LedgerEntry {
  const answered = attempt.state === "answered" ? attempt : undefined;
  const failed = attempt.state === "failed" ? attempt : undefined;
  const usage = answered?.reply.usage ?? NO_USAGE;
  const { usd, source } = prices.cost(identity, usage);
  const free = answered?.cached || (failed && UNBILLED.has(failed.error.code));
  return {
    call,
    attempt: attempt.attempt,
    role,
    model: `${identity.provider}:${identity.model}`,
    stage,
    purpose,
    // An intent without an outcome: in flight when a process died.
    status: attempt.state === "intent" ? "lost" : answered?.cached ? "cached" : attempt.state,
    ...usage,
    usd: free ? 0 : usd,
    price: source,
    ms: failed?.ms ?? answered?.reply.ms ?? 0,
    ...(failed ? { error: failed.error.code, reason: failed.error.message } : {}),
  };
}

/** Sum, or null as soon as one part is unknown: an unknown cost is never counted as nothing. */
export function sum(parts: readonly (number | null)[]): number | null {
  let total = 0;
  for (const part of parts) {
    if (part === null) return null;
    total += part;
  }
  return total;
}

/** What a bill comes to, in the units of a budget. */
export function spentIn({ calls, usd, byRole, atMost }: Omit<Ledger, "ifLargeAlone">): Spent {
  const tokens = Object.values(byRole).flatMap(({ inputTokens, outputTokens }) => [inputTokens, outputTokens]);
  return { calls, tokens: sum(tokens), usd, ...(atMost ? { atMost } : {}) };
}

/** Two sums as one; where one of them has no worst case, it is taken as it is. */
export function plus(a: Spent, b: Spent): Spent {
  const [one, other] = [a.atMost ?? a, b.atMost ?? b];
  const atMost = { tokens: sum([one.tokens, other.tokens]), usd: sum([one.usd, other.usd]) };
  return {
    calls: a.calls + b.calls,
    tokens: sum([a.tokens, b.tokens]),
    usd: sum([a.usd, b.usd]),
    ...(a.atMost || b.atMost ? { atMost } : {}),
  };
}

/** What providers' caches held of the input, where one told of any. */
function cachedOf(rows: readonly LedgerEntry[]): { cachedInputTokens?: number } {
  const cached = rows.reduce((total, row) => total + (row.cachedInputTokens ?? 0), 0);
  return cached > 0 ? { cachedInputTokens: cached } : {};
}

/** The bill of one turn from its rows. Tokens are those of answered calls; failed ones have none to report. */
export function billOf(entries: readonly LedgerEntry[]): Omit<Ledger, "ifLargeAlone"> {
  const roles = [...new Set(entries.map((entry) => entry.role))];
  const sent = (of: readonly LedgerEntry[]) => of.filter((entry) => entry.status !== "cached");
  const byRole = roles.map((role) => {
    const own = entries.filter((entry) => entry.role === role);
    const answered = own.filter((entry) => entry.status === "answered" || entry.status === "cached");
    return [
      role,
      {
        model: own[0]!.model,
        calls: sent(own).length,
        cached: own.length - sent(own).length,
        lost: own.filter((entry) => entry.status === "lost").length,
        inputTokens: sum(answered.map((entry) => entry.inputTokens)),
        outputTokens: sum(answered.map((entry) => entry.outputTokens)),
        ...cachedOf(answered),
        usd: sum(own.map((entry) => entry.usd)),
      },
    ] as const;
  });
  return {
    calls: sent(entries).length,
    usd: sum(entries.map((entry) => entry.usd)),
    byRole: Object.fromEntries(byRole),
  };
}
