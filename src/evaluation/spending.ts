import { CopeError } from "../errors.js";
import type { PriceBook } from "../models/prices.js";
import type { Tape } from "../models/tape.js";
import type { ModelRequest } from "../models/types.js";
import { mostTokens } from "../nodes/limits.js";
import type { LedgerEntry } from "../state/ledger.js";

/** What may be spent by this process; absent limits do not bind. */
export interface SpendingLimits {
  /** Attempts at model calls. */
  calls?: number;
  usd?: number;
}

/** What a process spends on calls that its tape does not answer. */
export interface Spending {
  /** The tape, through which a call is let only where its worst case fits into what is left. */
  tape: Tape;
  /** To be told of every outcome's rows: attempts that failed cost a call, too. */
  add(entries: readonly LedgerEntry[]): void;
  /** Attempts sent so far. */
  calls(): number;
  /** US dollars so far; null where a price or a count is unknown. */
  usd(): number | null;
}

/**
 * Watches what is spent behind a tape.
 *
 * @param attempts - how often a call may be tried: each may be billed.
 */
export function createSpending(
  tape: Tape,
  { limits, prices, attempts }: { limits: SpendingLimits; prices: PriceBook; attempts: number },
): Spending {
  let calls = 0;
  let usd: number | null = 0;
  /** Worst case of what is under way. */
  const held = { calls: 0, usd: 0 };

  const hold = ({ model, messages, sampling, tools }: ModelRequest) => {
    const once = prices.worst(model, { input: mostTokens(messages, tools), output: sampling.maxTokens });
    const worst = { calls: attempts, usd: (once ?? 0) * attempts };
    const over =
      (limits.calls !== undefined && calls + held.calls + worst.calls > limits.calls) ||
      (limits.usd !== undefined && (usd ?? 0) + held.usd + worst.usd > limits.usd);
    if (over) throw spent(limits);
    held.calls += worst.calls;
    held.usd += worst.usd;
    return worst;
  };

  return {
    tape: {
      close: () => tape.close(),
      once: (request, ask) =>
        tape.once(request, async () => {
          const worst = hold(request);
          try {
            const reply = await ask();
            const cost = prices.cost(request.model, reply.usage).usd;
            calls += 1;
            // An answer without a count stands at its worst where there is a limit to keep.
            const known = cost ?? (limits.usd === undefined ? null : worst.usd / attempts);
            usd = usd === null || known === null ? null : usd + known;
            return reply;
          } finally {
            held.calls -= worst.calls;
            held.usd -= worst.usd;
          }
        }),
    },
    add(entries) {
      calls += entries.filter(({ status }) => status === "failed").length;
    },
    calls: () => calls,
    usd: () => usd,
  };
}

function spent({ calls, usd }: SpendingLimits): CopeError {
  const limits = [calls !== undefined && `${calls} calls`, usd !== undefined && `$${usd}`]
    .filter(Boolean)
    .join(" and ");
  const reason = `the next call may not fit into the limit of ${limits}.`;
  return new CopeError("BUDGET_TOO_SMALL", reason, "raise the limit and run it again: what was drawn is kept.");
}
