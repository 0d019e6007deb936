import { CopeError } from "../../../../src/errors.js";

/** What a task asks for, as its text says it: one of ALFWorld's six kinds. */
export interface Wish {
  /** What is to be found: `mug`. */
  thing: string;
  /** How many of them. */
  count: 1 | 2;
  /** What is to be done to it before it is put down. */
  treatment?: "clean" | "heat" | "cool";
  /** Where it belongs: `desk`; or the lamp it is looked at under. */
  to: { place: string } | { lamp: string };
}

const TREATMENT = { clean: "clean", hot: "heat", heat: "heat", cool: "cool" } as const;

/**
 * Reads a task: "put two cd in safe", "clean some cloth and put it in cabinet", "look at bowl under the desklamp".
 *
 * @param text - may hold more before "Your task is to:"
 * @throws CopeError `TASK_INVALID`
 */
export function readWish(text: string): Wish {
  const task = text.replace(/^[\s\S]*Your task is to: /, "").replace(/\.?\s*$/, "");
  const light = /^(?:examine the|look at) (\w+) (?:with|under) the (\w+)$/.exec(task);
  if (light) return { thing: light[1]!, count: 1, to: { lamp: light[2]! } };
  const two = /^(?:put|find) two (\w+) (?:and put them )?(?:in|on) (\w+)$/.exec(task);
  if (two) return { thing: two[1]!, count: 2, to: { place: two[2]! } };
  const treated =
    /^(clean|heat|cool) some (\w+) and put it (?:in|on) (\w+)$/.exec(task) ??
    /^put a (clean|hot|cool) (\w+) (?:in|on) (\w+)$/.exec(task);
  if (treated) {
    const [, how, thing, place] = treated;
    const treatment = TREATMENT[how as keyof typeof TREATMENT];
    return { thing: thing!, count: 1, treatment, to: { place: place! } };
  }
  const simple = /^put (?:a|some) (\w+) (?:in|on) (\w+)$/.exec(task);
  if (simple) return { thing: simple[1]!, count: 1, to: { place: simple[2]! } };
  throw new CopeError("TASK_INVALID", `"${task}" is none of ALFWorld's tasks.`, "give the text of a game's opening.");
}
