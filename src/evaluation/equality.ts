import type { Same } from "../scorers/types.js";

/** When two values of one problem are the same answer, looked up instead of computed: what decisions can afford. */
export interface Equality {
  /** Compares all pairs that are not known yet. To be awaited before values are looked up. */
  learn(values: readonly string[]): Promise<void>;
  /** @throws Error where the two were not learned together */
  same(a: string, b: string): boolean;
}

/** An equality over the values of one problem. `same` is asked as `same(earlier, later)`, in the order of learning. */
export function createEquality(same: Same): Equality {
  const values: string[] = [];
  const known = new Set<string>();
  const equal = new Set<string>();
  const pair = (a: string, b: string) => JSON.stringify([a, b]);
  return {
    async learn(more) {
      for (const value of more) {
        if (known.has(value)) continue;
        for (const before of values) {
          // Both ways, since an equality of one's own need not be symmetric.
          if (await same(before, value)) equal.add(pair(before, value));
          if (await same(value, before)) equal.add(pair(value, before));
        }
        values.push(value);
        known.add(value);
      }
    },
    same(a, b) {
      if (!known.has(a) || !known.has(b)) throw new Error(`not compared: ${a} and ${b}`);
      return a === b || equal.has(pair(a, b));
    },
  };
}
