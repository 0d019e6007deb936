import { kindOf } from "./player/places.js";
import { readWish } from "./player/task.js";

/** A part of what a task asks for. */
export interface SubGoal {
  /** In a word or two: `take mug`, `heat mug`, `put mug in/on cabinet`, `use desklamp`. */
  name: string;
  reached: boolean;
}

const TAKEN = /^You pick up the (\w+ \d+) from the /;
const TREATED = /^You (clean|heat|cool) the (\w+ \d+) using the /;
const PUT = /^You (?:put|move) the (\w+ \d+) (?:in\/on|to) the (\w+ \d+)\.$/;
const USED = /^You turn on the (\w+) \d+\.$/;

/**
 * How far a run of ALFWorld got, from its texts alone: a task of two things has the parts of both. A part counts when it was
 * reached once, in the order of the task: what was put down before it was cleaned was not put down clean.
 *
 * @param task - a game's task
 * @param observations - what each command led to
 * @throws CopeError `TASK_INVALID` where it is no task of ALFWorld's
 */
export function subGoalsOf(task: string, observations: readonly string[]): SubGoal[] {
  const { thing, count, treatment, to } = readWish(task);
  const taken = new Set<string>();
  const treated = new Set<string>();
  const put = new Set<string>();
  let used = false;
  for (const text of observations) {
    const took = TAKEN.exec(text)?.[1];
    if (took !== undefined && kindOf(took) === thing) taken.add(took);
    const [, how, what = ""] = TREATED.exec(text) ?? [];
    if (how === treatment && kindOf(what) === thing) treated.add(what);
    const [, down = "", where = ""] = PUT.exec(text) ?? [];
    const isReady = treatment === undefined || treated.has(down);
    if ("place" in to && isReady && kindOf(down) === thing && kindOf(where) === to.place) put.add(down);
    if ("lamp" in to && taken.size > 0 && USED.exec(text)?.[1] === to.lamp) used = true;
  }
  const goals = (nth: number): SubGoal[] => [
    { name: `take ${thing}`, reached: taken.size > nth },
    ...(treatment ? [{ name: `${treatment} ${thing}`, reached: treated.size > nth }] : []),
    "lamp" in to
      ? { name: `use ${to.lamp}`, reached: used }
      : { name: `put ${thing} in/on ${to.place}`, reached: put.size > nth },
  ];
  return Array.from({ length: count }, (_, nth) => goals(nth)).flat();
}
