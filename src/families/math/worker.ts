import { equalNormals } from "./equal.js";

/** What the worker is asked: two normal forms, or nothing, to see that it has started. */
export type Question = readonly [a: string, b: string] | null;

/** Entry of the worker thread: whether two normal forms are the same. What the engine cannot do is not the same. */
export default function compare(question: Question): boolean {
  if (question === null) return true;
  try {
    return equalNormals(question[0], question[1]) === true;
  } catch {
    return false;
  }
}
