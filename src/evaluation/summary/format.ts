import type { Interval } from "../numbers/interval.js";

/** Stands where a figure is unknown or does not exist. */
export const UNKNOWN = "–";

const minus = (text: string): string => text.replace("-", "−");

/** A number with thousands apart and no more digits than it can bear: "1,370", "42.1", "0.86", "0.0012". */
export function numberOf(value: number | null): string {
  if (value === null) return UNKNOWN;
  const size = Math.abs(value);
  if (value !== 0 && size < 0.1) return minus(String(Number(value.toPrecision(2))));
  const digits = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2;
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return minus(value.toLocaleString("en-US", options));
}

/** A share as whole percent: "60". */
export const percent = (share: number | null): string =>
  share === null ? UNKNOWN : minus(String(Math.round(100 * share) + 0));

/** "[47, 71]". */
export const within = (interval: Interval | null, say: (value: number) => string): string =>
  interval === null ? "" : ` [${interval.map(say).join(", ")}]`;

/** A share as percent with its interval: "60 [47, 71]". */
export const percentWithin = (share: number | null, interval: Interval | null): string =>
  share === null ? UNKNOWN : percent(share) + within(interval, percent);

/** A number with its interval. */
export const numberWithin = (value: number | null, interval: Interval | null): string =>
  value === null ? UNKNOWN : numberOf(value) + within(interval, numberOf);

/** A difference of shares in points, with its sign: "+3", "−13", "0". */
export function points(share: number | null): string {
  const text = percent(share);
  return share !== null && Math.round(100 * share) > 0 ? `+${text}` : text;
}

/** A p value, which is never 0: "0.34", "< 0.0001". */
export function pOf(p: number): string {
  if (p < 0.0001) return "< 0.0001";
  return p < 0.01 ? p.toFixed(4) : p.toFixed(2);
}
