/*
 * The way of a comparison:
 *
 *   two answers -> normalise -> same form, plain numbers, words? -> verdict at once (20 us)
 *                                  | no
 *                                  v
 *                        remembered? -> worker thread: parseShape -> equalNormals -> engine (1 ms)
 *                                          stopped at the time limit: not the same
 */

import { z } from "zod";
import { parseOptions } from "../../options-error.js";
import type { Same } from "../../scorers/types.js";
import { MAX_ANSWER, normalise } from "./normalise.js";
import { createMathPool, type MathPool } from "./pool.js";
import { parseNumber, sameNumber } from "./rational.js";
import { splitUnit, unitsAgree } from "./units.js";
import { parseWords } from "./words.js";

const Options = z.object({
  /** Longest time one comparison may take, milliseconds; longer ones count as not the same. Typical: 1 ms. @default 2000 */
  timeLimitMs: z.number().int().min(10).max(600_000).default(2_000),
  /** Worker threads at most; none is started before it is needed. @default 1 */
  workers: z.number().int().min(1).max(64).default(1),
});
export type MathSameOptions = z.input<typeof Options>;

/** Equality of math answers, with the threads it keeps. */
export interface MathSame {
  /**
   * Whether two answers are the same by the policy of `docs/math-equality.md`. Symmetric; never throws for what an
   * answer holds. Values that are no strings are compared as they print.
   * @throws CopeError `INTERNAL` when the worker cannot be started.
   */
  same: Same;
  /**
   * Ends the worker threads; comparisons under way end as not the same, later ones start a thread again. Not needed for
   * the process to end: idle threads do not keep it alive.
   */
  close(): Promise<void>;
}

/** Pairs remembered; the oldest is forgotten first. */
const MEMORY = 10_000;

/**
 * What can be said of two normal forms without the engine: the same form, two plain numbers, or words.
 * @returns `undefined` when the engine is needed.
 */
export function compareAtOnce(a: string, b: string): boolean | undefined {
  if (a === b) return true;
  const [left, right] = [a, b].map((normal) => {
    const { body, unit } = splitUnit(normal);
    const number = parseNumber(body);
    return number && { number, unit };
  });
  if (left && right) return unitsAgree(left.unit, right.unit) && sameNumber(left.number, right.number);
  const [said, other] = [a, b].map((normal) => {
    const words = parseWords(normal);
    return words && "text" in words ? words.text : undefined;
  });
  // Words that stand for no formula are never a number.
  if ((said !== undefined || left) && (other !== undefined || right)) return said !== undefined && said === other;
  return undefined;
}

/** A value as text; what JSON cannot print is empty. */
const toText = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).trim();

/**
 * Equality for the math family. Same spellings, plain numbers and words are compared at once; everything else goes to a
 * worker thread with a time limit, so that no answer can hold the caller. Results are remembered.
 * @throws CopeError `OPTIONS_INVALID`
 */
export function createMathSame(options: MathSameOptions = {}): MathSame {
  const { timeLimitMs, workers } = parseOptions(Options, options, "the math equality");
  const remembered = new Map<string, Promise<boolean>>();
  let pool: MathPool | undefined;

  // Only what needs the engine comes here; the promise is remembered, so that equal questions share one answer.
  const ask = (a: string, b: string): Promise<boolean> => {
    const key = `${a}\n${b}`;
    const known = remembered.get(key);
    if (known) return known;
    pool ??= createMathPool(workers, timeLimitMs);
    const answer = pool.ask(a, b);
    remembered.set(key, answer);
    // A worker that failed to start is no verdict.
    answer.catch(() => remembered.delete(key));
    if (remembered.size > MEMORY) remembered.delete(remembered.keys().next().value!);
    return answer;
  };

  return {
    same(a, b) {
      const [left, right] = [toText(a), toText(b)];
      if (left === right) return true;
      if (left.length > MAX_ANSWER || right.length > MAX_ANSWER) return false;
      const [one, other] = [normalise(left), normalise(right)];
      // In one order whichever way it is asked: symmetric by construction, and remembered once.
      return compareAtOnce(one, other) ?? (one < other ? ask(one, other) : ask(other, one));
    },
    async close() {
      await pool?.close();
      pool = undefined;
    },
  };
}
