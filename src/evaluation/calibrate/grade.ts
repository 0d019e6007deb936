import { UNKNOWN } from "../../scorers/classes.js";
import type { Draw } from "../draw.js";
import { LARGE } from "../methods/to-large.js";
import type { View } from "../view.js";

/** Whether an answer counts as right; null where there is nothing to measure it by, or nobody could tell. */
export type Grade = (
  view: View,
  answer: { value: string | null; right: boolean | null },
  draws: readonly Draw[],
) => boolean | null;

/** By the data's own answers, as graded when they were recorded. An answer that cannot be read is wrong. */
export const byGold: Grade = (_view, { value, right }) => (value === null ? false : right);

/**
 * By agreement with the large model's plain answer on the same problem: what stands for accuracy where there are no labels
 * (C3PO, arXiv 2511.07396). Where the large model is wrong, so is this.
 */
export const byLarge: Grade = (view, { value }, draws) => {
  const large = view.find(LARGE, {}, 0);
  if (!large || large.value === null) return null;
  const draw = draws.find((one) => one.value === value);
  if (value === null || !draw) return false;
  const [, label] = view.labels([large, draw]);
  return label === UNKNOWN ? null : label === 0;
};
