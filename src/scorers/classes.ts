import type { Json } from "../state/json.js";
import type { Sample, SampleId } from "../state/sample.js";
import type { Same } from "./types.js";

/** Samples that gave the same answer. */
export interface AnswerClass {
  /** Ids in index order, at least one. The first one's goal is carried on, and its value is the class's answer. */
  members: SampleId[];
  /** Value of the first member: the only one that later samples are compared with. */
  value: Json;
}

/**
 * Sorts samples into answer classes, in order of first appearance. A sample joins the first class whose *first member* it
 * equals, else it opens a class. Because nothing later is looked at, more samples never move an earlier one, even where
 * equality is not transitive (0.33 = 1/3 and 1/3 = 0.3333 say nothing of 0.33 and 0.3333). Early stop rests on that.
 *
 * Two equal strings are put to `same` once: its answer for the same pair is remembered within the call. For a `same` that
 * is a function of its arguments this cannot change a class, not even where it is not reflexive.
 *
 * @param samples - in index order; failed and unreadable ones (`value` undefined) belong to no class.
 * @param same - asked as `same(first member, sample)`; what it throws is passed on.
 * @returns the classes in order of first appearance; empty when nothing was readable.
 */
export async function answerClasses(samples: readonly Sample[], same: Same): Promise<AnswerClass[]> {
  const classes: AnswerClass[] = [];
  const asked = rememberStrings(same);
  for (const { id, value } of samples) {
    if (value === undefined) continue;
    const home = await firstEqual(classes, value, asked);
    if (home) home.members.push(id);
    else classes.push({ members: [id], value });
  }
  return classes;
}

/** One after the other, not at once: the first match ends the search, and a comparison may cost a worker a second. */
async function firstEqual(classes: readonly AnswerClass[], value: Json, same: Same): Promise<AnswerClass | undefined> {
  for (const candidate of classes) if (await same(candidate.value, value)) return candidate;
  return undefined;
}

/** `same`, asked once for each pair of strings. Other values are few and cheap to compare: they are always asked. */
function rememberStrings(same: Same): Same {
  const known = new Map<string, Map<string, boolean>>();
  return async (a, b) => {
    if (typeof a !== "string" || typeof b !== "string") return same(a, b);
    const row = known.get(a) ?? new Map<string, boolean>();
    known.set(a, row);
    const answer = row.get(b) ?? (await same(a, b));
    row.set(b, answer);
    return answer;
  };
}
