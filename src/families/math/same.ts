/*
 * The way of a comparison:
 *
 *   two answers -> normalise -> same form, plain numbers, words? -> verdict at once (20 us)
 *                                  | no
 *                                  v
 *                        remembered? -> worker thread: parseShape -> equalNormals -> engine (1 ms)
 *                                          stopped at the time limit: unknown, and not remembered
 */

import { z } from "zod";
import { parseOptions } from "../../options-error.js";
import type { Same } from "../../scorers/types.js";
import { MAX_ANSWER, normalise } from "./normalise.js";
import { createMathWorker } from "./pool.js";
import { parseNumber, sameNumber } from "./rational.js";
import { splitUnit, unitsAgree } from "./units.js";
import { parseWords } from "./words.js";

const Options = z.object({
  /** CPU time that one comparison may take, milliseconds; what takes longer is unknown. Typical: 1 ms. @default 2000 */
  timeLimitMs: z.number().int().min(10).max(600_000).default(2_000),
});
export type MathSameOptions = z.input<typeof Options>;

/** Equality of math answers, with the thread it keeps. */
export interface MathSame {
  /**
   * Whether two answers are the same by the policy of `docs/math-equality.md`; undefined where the time limit, or the memory of
   * the thread, was not enough to tell. Symmetric; never throws for what an answer holds. Values that are no strings are
   * compared as they print.
   * @throws CopeError `INTERNAL` when the worker cannot be started.
   */
  same: Same;
  /** Starts the worker thread, which loads the engine in 0.3 s, before it is needed. */
  warm(): void;
  /**
   * Ends the worker thread; comparisons under way end as unknown, later ones start a thread again. Not needed for the process
   * to end: an idle thread does not keep it alive.
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
 * worker thread with a time limit, so that no answer can hold the caller. Verdicts are remembered; what is unknown is not.
 * @throws CopeError `OPTIONS_INVALID`
 */
export function createMathSame(options: MathSameOptions = {}): MathSame {
  const { timeLimitMs } = parseOptions(Options, options, "the math equality");
  const remembered = new Map<string, Promise<boolean | undefined>>();
  const worker = createMathWorker(timeLimitMs);

  // Only what needs the engine comes here; the promise is remembered, so that equal questions share one answer.
  const ask = (a: string, b: string): Promise<boolean | undefined> => {
    const key = `${a}\n${b}`;
    const known = remembered.get(key);
    if (known) return known;
    const answer = worker.ask([a, b]);
    remembered.set(key, answer);
    const forget = () => remembered.delete(key);
    // Neither a limit that was reached nor a worker that failed to start is a verdict.
    answer.then((verdict) => verdict === undefined && forget(), forget);
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
    warm: worker.warm,
    close: worker.close,
  };
}
