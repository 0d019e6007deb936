import jStat from "jstat";
import { requireCount } from "./checks.js";

/**
 * McNemar's exact two-sided test: how likely the problems that only one of two methods gets right would be split at least
 * as unevenly, were both methods equally good. Says nothing of how large a difference is, and a large p is no proof of
 * equality: for that see `compareToLarge`.
 *
 * @param wins - problems only the first method gets right
 * @param losses - problems only the second gets right
 * @returns p, 0 … 1, right to 1e-10, so that 0 means less than that; 1 where no problem tells them apart
 * @throws CopeError OPTIONS_INVALID for impossible counts
 */
export function mcnemar(wins: number, losses: number): number {
  requireCount("wins", wins, wins + losses);
  const discordant = wins + losses;
  if (discordant === 0) return 1;
  return Math.min(1, 2 * jStat.binomial.cdf(Math.min(wins, losses), discordant, 0.5));
}
