import { canonicalJson } from "../models/request-key.js";
import type { UnknownPair } from "../state/unknown.js";
import type { Same } from "./types.js";

/** An equality that answers alike however often it is asked. */
export interface KeptEquality {
  same: Same;
  /** Pairs that came to be unknown, in the order in which they did; without those that were so before. */
  found: UnknownPair[];
}

/**
 * What was once unknown stays so, in either order: a comparison that another machine, or a quieter one, could finish must not
 * turn a decision that was made without it.
 *
 * @param kept - pairs that are unknown already
 */
export function keepUnknown(same: Same, kept: readonly UnknownPair[] = []): KeptEquality {
  const keyOf = ([a, b]: UnknownPair) => [canonicalJson(a), canonicalJson(b)].toSorted().join("\n");
  const keys = new Set(kept.map(keyOf));
  const found: UnknownPair[] = [];
  return {
    found,
    async same(a, b) {
      const pair: UnknownPair = [a, b];
      if (keys.size > 0 && keys.has(keyOf(pair))) return undefined;
      const verdict = await same(a, b);
      if (verdict === undefined && !keys.has(keyOf(pair))) {
        keys.add(keyOf(pair));
        found.push(pair);
      }
      return verdict;
    },
  };
}
