import { z } from "zod";

/**
 * When a person is asked before a run goes on. Each wish puts its nodes into the graph: `guideline` one after each planner
 * of a guideline, `spendingAbove` and `leaving` one before each stage. A key that is there with nothing asked for
 * (`leaving: false`) puts the nodes in for runs that ask by their own options; those can ask for more, never for less.
 * Runs that ask nobody pass the nodes by.
 */
export const Ask = z
  .object({
    /** Approve or edit every guideline before it is used. */
    guideline: z.boolean().optional(),
    /** Approve a stage whose worst case, retries included, is above this, in US dollars, or unknown. */
    spendingAbove: z.number().min(0).optional(),
    /** Approve what leaves this machine: a stage that asks a model which does not run here. */
    leaving: z.boolean().optional(),
  })
  .strict();
export type Ask = z.infer<typeof Ask>;

/** Whether a graph built with these wishes has a node that shows guidelines. */
export const hasApprovals = (ask: Ask | undefined): boolean => ask?.guideline !== undefined;

/** Whether a graph built with these wishes has a node before each stage. */
export const hasGates = (ask: Ask | undefined): boolean =>
  ask?.spendingAbove !== undefined || ask?.leaving !== undefined;

/** Whether anybody may be asked before a stage sends. */
export const asksBeforeSending = (ask: Ask | undefined): boolean =>
  ask?.leaving === true || ask?.spendingAbove !== undefined;

/** Whether anybody may be asked at all. */
export const asksAnybody = (ask: Ask | undefined): boolean => ask?.guideline === true || asksBeforeSending(ask);

/** The wishes that a graph built with these can fulfil: those it has nodes for. */
export function askable(ask: Ask | undefined): (keyof Ask)[] {
  return [
    ...(hasApprovals(ask) ? ["guideline" as const] : []),
    ...(hasGates(ask) ? ["spendingAbove" as const, "leaving" as const] : []),
  ];
}

/** Both wishes together: whatever one of them asks for is asked for. */
export function stricter(a: Ask | undefined, b: Ask | undefined): Ask | undefined {
  if (!a || !b) return a ?? b;
  const either = (key: "guideline" | "leaving") =>
    a[key] === undefined && b[key] === undefined ? {} : { [key]: a[key] === true || b[key] === true };
  const sums = [a.spendingAbove, b.spendingAbove].filter((usd) => usd !== undefined);
  return {
    ...either("guideline"),
    ...either("leaving"),
    ...(sums.length > 0 ? { spendingAbove: Math.min(...sums) } : {}),
  };
}
