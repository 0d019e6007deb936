import { z } from "zod";
import { plus, spentIn, sum } from "../models/ledger.js";
import { Spent, type Ledger } from "../state/ledger.js";
import type { Budget } from "../state/options.js";
import { CopeError } from "../errors.js";

/** What the steps of one run of an agent cost so far; of steps that failed and were decided anew, what they spent, too. */
export const AgentBill = Spent.extend({
  /** Steps decided. */
  steps: z.number().int().min(0),
  /** The same steps by one plain call of the large model each, in US dollars. */
  ifLargeAloneUsd: z.number().min(0).nullable(),
  /** Steps by the stage that decided them. */
  byStage: z.record(z.string(), z.number().int()),
  /** Steps at which the last stage gave nothing, and an earlier stage's action was taken instead; absent where there were none. */
  fallbacks: z.number().int().min(1).optional(),
});
export type AgentBill = z.infer<typeof AgentBill>;

/** What the middleware keeps in the agent's state, under `cope`; begun anew with each question to the agent. */
export const AgentCope = z.object({
  /** The advice in force, until a later step gets another; at which step it was written, from 1, and by whom. */
  guideline: z.object({ text: z.string(), by: z.string(), step: z.number().int() }).optional(),
  /** What the steps cost so far. */
  bill: AgentBill,
});
export type AgentCope = z.infer<typeof AgentCope>;

export const NO_BILL: AgentBill = { steps: 0, calls: 0, tokens: 0, usd: 0, ifLargeAloneUsd: 0, byStage: {} };

/** The bill with one more step. */
export function billed(bill: AgentBill, stage: string, ledger: Ledger): AgentBill {
  const fallbacks = (bill.fallbacks ?? 0) + (ledger.fallback ? 1 : 0);
  return {
    ...spentToo(bill, spentIn(ledger)),
    steps: bill.steps + 1,
    ifLargeAloneUsd: sum([bill.ifLargeAloneUsd, ledger.ifLargeAlone.usd]),
    byStage: { ...bill.byStage, [stage]: (bill.byStage[stage] ?? 0) + 1 },
    ...(fallbacks > 0 ? { fallbacks } : {}),
  };
}

/** The bill with what was spent for no step. */
export const spentToo = (bill: AgentBill, spent: Spent): AgentBill => ({ ...bill, ...plus(bill, spent) });

/** An error of a step as the run's: with what the whole run has spent, where it is known of the step. */
export function asOfRun(error: unknown, bill: AgentBill): unknown {
  if (!CopeError.isInstance(error) || !error.spent) return error;
  const { code, reason, remedy, partial, spent } = error;
  const { calls, tokens, usd, atMost } = spentToo(bill, spent);
  const whole = { calls, tokens, usd, ...(atMost ? { atMost } : {}) };
  return new CopeError(code, reason, remedy, {
    cause: error,
    ...(partial === undefined ? {} : { partial }),
    spent: whole,
  });
}

/**
 * What the run's budget has left for its next step. `ms` is each step's own.
 *
 * @throws CopeError `BUDGET_TOO_SMALL` where nothing is left, or what was spent is not known
 */
export function budgetLeft(budget: Budget | undefined, bill: AgentBill): Budget | undefined {
  if (!budget) return undefined;
  const left = { ...budget };
  for (const key of ["usd", "calls", "tokens"] as const) {
    const limit = budget[key];
    if (limit === undefined) continue;
    const spent = key === "calls" ? bill.calls : (bill.atMost ?? bill)[key];
    if (spent === null || spent >= limit) throw spentAll(key, limit, spent, bill);
    left[key] = limit - spent;
  }
  return left;
}

function spentAll(key: string, limit: number, spent: number | null, bill: AgentBill): CopeError {
  const { calls, tokens, usd, atMost, steps } = bill;
  const worst = atMost && key !== "calls" && atMost[key as "usd"] !== bill[key as "usd"];
  const sure = worst ? "may be spent, with calls of unknown cost at their worst," : "are spent";
  const state = spent === null ? "and what was spent so far is not known" : `and ${spent} ${sure}`;
  return new CopeError(
    "BUDGET_TOO_SMALL",
    `the budget of the agent's run is ${limit} ${key}, ${state} after ${steps} steps.`,
    "raise it, or give the agent fewer steps.",
    { spent: { calls, tokens, usd, ...(atMost ? { atMost } : {}) } },
  );
}
