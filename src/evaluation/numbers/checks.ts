import { CopeError } from "../../errors.js";

/** Two lists that speak of the same problems have the same length. @throws CopeError OPTIONS_INVALID */
export function requirePaired(names: string, a: readonly unknown[], b: readonly unknown[]): void {
  if (a.length !== b.length)
    throw new CopeError(
      "OPTIONS_INVALID",
      `${names}: ${a.length} and ${b.length} values are given where one of each belongs to every problem.`,
      "give both for the same problems, in the same order.",
    );
}

/**
 * Every value is a finite number within bounds that belong to it.
 *
 * @throws CopeError OPTIONS_INVALID, naming the first that is not
 */
export function requireNumbers(name: string, values: readonly number[], least = -Infinity, most = Infinity): void {
  const at = values.findIndex((value) => !(Number.isFinite(value) && value >= least && value <= most));
  if (at < 0) return;
  const range = [
    "a finite number",
    Number.isFinite(least) ? `, at least ${least}` : "",
    Number.isFinite(most) ? `, at most ${most}` : "",
  ].join("");
  throw new CopeError(
    "OPTIONS_INVALID",
    `${name}: ${range} is needed; ${values[at]} is given at position ${at}.`,
    "correct the value, or leave its problem out.",
  );
}

/** A count among n things is a whole number from 0 to n. @throws CopeError OPTIONS_INVALID */
export function requireCount(name: string, count: number, n: number): void {
  if (!(Number.isSafeInteger(count) && Number.isSafeInteger(n) && count >= 0 && count <= n))
    throw new CopeError(
      "OPTIONS_INVALID",
      `${name}: ${count} of ${n} is impossible.`,
      "give whole numbers, the first at most the second.",
    );
}
