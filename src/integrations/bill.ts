import { z } from "zod";
import { sum } from "../models/ledger.js";
import type { Ledger } from "../state/ledger.js";
import type { Budget } from "../state/options.js";
import { CopeError } from "../errors.js";

const Total = z.number().min(0).nullable();

/** What the steps of one run of an agent cost so far. */
export const AgentBill = z.object({
  /** Steps decided. */
  steps: z.number().int().min(0),
  /** Attempts sent to models. */
  calls: z.number().int().min(0),
  /** Input and output together; null where a server counts none. */
  tokens: Total,
  /** US dollars; null where a price is unknown. */
  usd: Total,
  /** The same steps by one plain call of the large model each, in US dollars. */
  ifLargeAloneUsd: Total,
  /** Steps by the stage that decided them. */
  byStage: z.record(z.string(), z.number().int()),
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
export function billed(bill: AgentBill, stage: string, { calls, usd, byRole, ifLargeAlone }: Ledger): AgentBill {
  const tokens = Object.values(byRole).flatMap(({ inputTokens, outputTokens }) => [inputTokens, outputTokens]);
  return {
    steps: bill.steps + 1,
    calls: bill.calls + calls,
    tokens: sum([bill.tokens, ...tokens]),
    usd: sum([bill.usd, usd]),
    ifLargeAloneUsd: sum([bill.ifLargeAloneUsd, ifLargeAlone.usd]),
    byStage: { ...bill.byStage, [stage]: (bill.byStage[stage] ?? 0) + 1 },
  };
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
    const spent = bill[key];
    if (spent === null || spent >= limit) throw spentAll(key, limit, spent, bill.steps);
    left[key] = limit - spent;
  }
  return left;
}

function spentAll(key: string, limit: number, spent: number | null, steps: number): CopeError {
  const state = spent === null ? "and what was spent so far is not known" : `and ${spent} are spent`;
  return new CopeError(
    "BUDGET_TOO_SMALL",
    `the budget of the agent's run is ${limit} ${key}, ${state} after ${steps} steps.`,
    "raise it, or give the agent fewer steps.",
  );
}
