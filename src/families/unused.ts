import { isDeepStrictEqual } from "node:util";
import type { AnyFamily } from "./types.js";

/**
 * The first of the fields given beside a question that the family's task does not have, such as a misspelt one: it would be
 * passed over in silence. Undefined where all count, and where the task does not fit the family anyway.
 */
export function unusedField(
  { task }: AnyFamily,
  whole: Record<string, unknown>,
  given: Record<string, unknown>,
): string | undefined {
  if (Object.keys(given).length === 0) return undefined;
  const parsed = task.safeParse(whole);
  if (!parsed.success) return undefined;
  // A task may take a field in and go by another name for it: then the task is another one without it.
  const changesNothing = (key: string) => {
    const without = task.safeParse({ ...whole, [key]: undefined });
    return without.success && isDeepStrictEqual(without.data, parsed.data);
  };
  const lacks = (key: string) => !Object.hasOwn(parsed.data as object, key) && changesNothing(key);
  return Object.keys(given).find((key) => given[key] !== undefined && lacks(key));
}
