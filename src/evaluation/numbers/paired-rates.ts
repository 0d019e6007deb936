import type { Interval } from "./interval.js";
import { wilson } from "./wilson.js";

/**
 * Two-sided interval for the difference of two accuracies on the same problems, from how many only the one (`wins`) or
 * only the other (`losses`) gets right: Wilson's intervals of both rates, joined by the method of variance estimates
 * recovery (Zou and Donner 2008). Unlike the bootstrap it allows for outcomes that did not happen to occur, so it keeps
 * its width where no problem, or only a few, tell the methods apart.
 *
 * @param n - problems, at least 1
 * @returns differences of shares, -1 … 1
 */
export function pairedRates(wins: number, losses: number, n: number, level: number): Interval {
  const [w, l] = [wins / n, losses / n];
  const [winsLow, winsHigh] = wilson(wins, n, level);
  const [lossesLow, lossesHigh] = wilson(losses, n, level);
  // A problem is never both, so the two rates are negatively correlated.
  const r = wins === 0 || losses === 0 ? 0 : -Math.sqrt((w * l) / ((1 - w) * (1 - l)));
  const away = (a: number, b: number) => Math.sqrt(a * a - 2 * r * a * b + b * b);
  return [w - l - away(w - winsLow, lossesHigh - l), w - l + away(winsHigh - w, l - lossesLow)];
}
