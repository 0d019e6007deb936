import { keepUnknown } from "../scorers/keep-unknown.js";
import type { Same } from "../scorers/types.js";
import type { UnknownPair } from "../state/unknown.js";

/** When two values of one problem are the same answer, looked up instead of computed: what decisions can afford. */
export interface Equality {
  /** Compares all pairs that are not known yet. To be awaited before values are looked up. */
  learn(values: readonly string[]): Promise<void>;
  /**
   * Undefined where nobody could tell.
   * @throws Error where the two were not learned together
   */
  same(a: string, b: string): boolean | undefined;
  /** Pairs that came to be unknown while learning, without those that were so before. */
  readonly unknown: readonly UnknownPair[];
}

/**
 * An equality over the values of one problem. `same` is asked as `same(earlier, later)`, in the order of learning.
 *
 * @param kept - pairs that were unknown when the problem was recorded, and so stay it
 */
export function createEquality(same: Same, kept: readonly UnknownPair[] = []): Equality {
  const values: string[] = [];
  const known = new Set<string>();
  const verdicts = new Map<string, true | undefined>();
  const pair = (a: string, b: string) => JSON.stringify([a, b]);
  const asked = keepUnknown(same, kept);
  return {
    unknown: asked.found,
    async learn(more) {
      for (const value of more) {
        if (known.has(value)) continue;
        for (const before of values) {
          // Both ways, since an equality of one's own need not be symmetric.
          for (const [a, b] of [
            [before, value],
            [value, before],
          ] as const) {
            const verdict = await asked.same(a, b);
            if (verdict !== false) verdicts.set(pair(a, b), verdict);
          }
        }
        values.push(value);
        known.add(value);
      }
    },
    same(a, b) {
      if (!known.has(a) || !known.has(b)) throw new Error(`not compared: ${a} and ${b}`);
      if (a === b) return true;
      return verdicts.has(pair(a, b)) ? verdicts.get(pair(a, b)) : false;
    },
  };
}
