import { isDeepStrictEqual } from "node:util";
import type { Json } from "../../state/message.js";
import { keepRecent } from "../../models/bounded.js";
import type { Same } from "../../scorers/types.js";
import { canonical, fold, type JsonObject } from "./canonical.js";
import { type ChoiceTask, optionsOf } from "./task.js";

/**
 * Whether a printed value is what a data set calls right: a letter or an option's text, or data, equal as JSON. Null where
 * the data set names none of the options: that is its fault and no answer's.
 */
export function gradeChoice(gold: Json, value: string, task: ChoiceTask): boolean | null {
  if (task.schema) {
    const [right, given] = [typeof gold === "string" ? fromJson(gold) : canonical(gold), fromJson(value)];
    return right === undefined ? null : isDeepStrictEqual(right, given);
  }
  if (typeof gold !== "string" && typeof gold !== "number" && typeof gold !== "boolean") return null;
  const told = fold(String(gold)).replace(/^\(([a-z0-9])\)$|^([a-z0-9])[).]$/, "$1$2");
  const options = optionsOf(task) ?? [];
  const right =
    options.find(({ letter }) => letter?.toLowerCase() === told) ?? options.find(({ name }) => name === told);
  return right === undefined ? null : right.value === value;
}

function fromJson(text: string): Json | undefined {
  try {
    return canonical(JSON.parse(text));
  } catch {
    return undefined;
  }
}

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
