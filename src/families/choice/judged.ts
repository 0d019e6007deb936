import { isDeepStrictEqual } from "node:util";
import { keepRecent } from "../../models/bounded.js";
import type { Same } from "../../scorers/types.js";
import type { Json } from "../../state/json.js";
import { canonical, type JsonObject } from "./canonical.js";

/** Holds a value against more than JSON schema can say: what the value stands for, or `undefined` where it is invalid. */
export type Judge = (value: unknown) => Promise<{ value: unknown } | undefined>;

/** Judgements that are remembered. */
const MEMORY = 1_000;

/** A judge that is asked once for each value, so that equal values stand for the same, and that throws nothing. */
function remembering(judge: Judge): Judge {
  const known = new Map<string, ReturnType<Judge>>();
  return (value) => {
    const key = JSON.stringify(value);
    const judged = known.get(key) ?? judge(structuredClone(value)).catch(() => undefined);
    return keepRecent(known, key, judged, MEMORY);
  };
}

/** How values that a judge has the last word on are read and compared. */
export interface Judged {
  /** The value as it is voted on; `undefined` where the judge refuses it. */
  read(value: unknown, schema: JsonObject): Promise<Json | undefined>;
  same: Same;
}

/**
 * Reads values by a judge. What it only tidies, by taking off keys or filling in defaults, is voted on as tidied. What it makes into
 * something else stays as the model wrote it, and two values are the same where they stand for the same.
 */
export function judgedBy(judge: Judge): Judged {
  const once = remembering(judge);
  return {
    async read(given, schema) {
      const value = canonical(given, schema);
      if (value === undefined) return undefined;
      const judged = await once(value);
      if (!judged) return undefined;
      const tidied = canonical(toJson(judged.value), schema);
      if (tidied === undefined || !isDeepStrictEqual(tidied, judged.value)) return value;
      const [again, anew] = await Promise.all([once(tidied), remembering(judge)(value)]);
      const isTidying = isDeepStrictEqual(again?.value, tidied) && isDeepStrictEqual(anew?.value, tidied);
      return isTidying ? tidied : value;
    },
    async same(a, b) {
      if (isDeepStrictEqual(canonical(a), canonical(b))) return true;
      const [one, other] = await Promise.all([once(a), once(b)]);
      return one !== undefined && other !== undefined && isDeepStrictEqual(one.value, other.value);
    },
  };
}

/** What JSON keeps of a value. */
function toJson(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value)) as unknown;
  } catch {
    return undefined;
  }
}
