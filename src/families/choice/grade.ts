import { isDeepStrictEqual } from "node:util";
import type { Json } from "../../state/json.js";
import { canonical } from "./canonical.js";
import { fold } from "./fold.js";
import { optionsOf } from "./options.js";
import type { ChoiceTask } from "./task.js";

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
