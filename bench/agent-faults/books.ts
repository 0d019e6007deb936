import { CopeError } from "../../src/errors.js";
import type { AgentBill } from "../../src/integrations/index.js";
import type { JournalEntry } from "../../src/models/journal.js";
import type { Budget } from "../../src/state/options.js";
import type { Counted } from "./server.js";

/** US dollars per million tokens. */
export const RATES = { small: { input: 1, output: 4 }, large: { input: 10, output: 40 } } as const;

/** Where a run's ledger is to be had: all that a user can get hold of when it has ended. */
export interface Books {
  /** Of the steps that were decided. */
  bill?: AgentBill | undefined;
  /** Of a run that failed. */
  error?: CopeError | undefined;
  /** Tries at calls of models, where a journal keeps them. */
  journal?: JournalEntry[] | undefined;
}

/** What in the books is not as the server counted. */
export function misbooked({ bill, error, journal }: Books, counted: readonly Counted[]): string[] {
  const told = counted.filter((request) => request.told);
  const server = { calls: counted.length, tokens: tokensOf(told) };
  const kept = error ? error.spent : bill;
  const wrong: string[] = [];
  const differ = (what: string, ours: number | undefined, theirs: number) => {
    if (ours !== theirs) wrong.push(`${what}: ${ours}, the server: ${theirs}`);
  };
  differ(error ? "calls of the error" : "calls of the bill", kept?.calls, server.calls);
  // Null is honest where an answer came without its count, and wrong everywhere else.
  const uncounted = counted.some(({ fault }) => fault === "no token counts");
  if (kept?.tokens !== null || !uncounted) differ("tokens", kept?.tokens ?? undefined, server.tokens);
  if (journal) {
    const replies = journal.flatMap(({ attempt }) => (attempt.state === "answered" ? [attempt.reply.usage] : []));
    const tokens = replies.reduce((sum, usage) => sum + (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0), 0);
    differ("calls of the journal", journal.length, server.calls);
    differ("tokens of the journal", tokens, server.tokens);
  }
  return wrong;
}

/** What the server would bill, as far as a budget forbids it. */
export function passed(budget: Budget | undefined, counted: readonly Counted[]): string[] {
  const billed = counted.filter((request) => request.billed);
  const cost = billed.map(({ model, input, output }) => input * RATES[model].input + output * RATES[model].output);
  const spent = { calls: counted.length, tokens: tokensOf(billed), usd: cost.reduce((a, b) => a + b, 0) / 1e6 };
  return (["calls", "tokens", "usd"] as const).flatMap((key) => {
    const limit = budget?.[key];
    return limit !== undefined && spent[key] > limit ? [`budget of ${limit} ${key}: ${spent[key]} spent`] : [];
  });
}

const tokensOf = (requests: readonly Counted[]): number =>
  requests.reduce((sum, { input, output }) => sum + input + output, 0);
