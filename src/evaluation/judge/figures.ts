import { meanOf } from "../numbers/mean.js";
import { shareOf } from "../summary/row.js";
import type { Judgements, MethodGrades, MethodJudgement, PairResult, PairVerdict, SingleGrade } from "./types.js";

const RESULTS: readonly PairResult[] = [
  "win",
  "loss",
  "tie",
  "inconsistent",
  "unreadable",
  "failed",
  "same",
  "missing",
];
const AGREED: readonly PairResult[] = ["win", "loss", "tie"];

/** How one method's pairs ended. */
export function judgementOf(method: string, all: readonly PairVerdict[]): MethodJudgement {
  const pairs = all.filter((pair) => pair.method === method);
  const count = (result: PairResult) => pairs.filter((pair) => pair.result === result).length;
  const results = Object.fromEntries(RESULTS.map((result) => [result, count(result)])) as Record<PairResult, number>;
  return { method, results, ...orderShares(pairs) };
}

/** How far verdicts depend on the order in which answers stand. */
export function orderShares(pairs: readonly PairVerdict[]): Pick<Judgements, "agreement" | "first"> {
  const both = pairs.filter(({ said }) => said[0] !== null && said[1] !== null);
  const chosen = pairs.flatMap(({ said }) => said.filter((one) => one === "A" || one === "B"));
  return {
    agreement: shareOf(both.map(({ result }) => AGREED.includes(result))),
    first: shareOf(chosen.map((one) => one === "A")),
  };
}

/** One method's grades; nothing where it has none. */
export function gradesOf(method: string, all: readonly SingleGrade[]): MethodGrades[] {
  const own = all.filter((one) => one.method === method);
  if (own.length === 0) return [];
  const failed = own.filter((one) => one.failed).length;
  const known = own.flatMap(({ grade }) => grade ?? []);
  return [{ method, mean: meanOf(known), unreadable: own.length - failed - known.length, failed }];
}
