import { requirePaired } from "./checks.js";
import type { Interval } from "./interval.js";
import { wilson } from "./wilson.js";

/** How often something happened where it could. */
export interface Flip {
  count: number;
  /** Problems where it could have happened. */
  of: number;
  /** `count / of`, 0 … 1; null where it could not have happened. */
  rate: number | null;
  /** Wilson's 95 % interval of the rate. */
  interval: Interval;
}

/** What a change did to the same problems. */
export interface Flips {
  /** Of the answers right before: those wrong after. */
  rightToWrong: Flip;
  /** Of the answers wrong before: those right after. */
  wrongToRight: Flip;
}

/**
 * What a later stage, or another method, made of answers: right ones made wrong, and wrong ones made right.
 *
 * @param before - whether each answer was right
 * @param after - the same of the answers that took their place, same order
 * @throws CopeError OPTIONS_INVALID
 */
export function flips(before: readonly boolean[], after: readonly boolean[]): Flips {
  requirePaired("before and after", before, after);
  const from = (right: boolean): Flip => {
    const could = after.filter((_, i) => before[i] === right);
    const count = could.filter((now) => now !== right).length;
    const of = could.length;
    return { count, of, rate: of === 0 ? null : count / of, interval: wilson(count, of) };
  };
  return { rightToWrong: from(true), wrongToRight: from(false) };
}
