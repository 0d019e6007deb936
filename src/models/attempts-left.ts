import { UNBILLED } from "./failure.js";
import type { JournalAttempt } from "./journal.js";

/**
 * How many attempts at a call may still be made after those on record, of `granted` for the wave.
 *
 * A lost attempt may never have been sent, so without a budget it uses up none, and one more is always made. With a
 * budget it counts as sent and billed, and nothing is sent above what the wave was granted: a process that is killed and
 * resumed over and over would pay for its calls under way each time. What nobody bills leaves room for one more, since a
 * refused key was mended meanwhile.
 */
export function attemptsLeft(past: readonly JournalAttempt[], granted: number, budgeted: boolean): number {
  const failed = past.filter((made) => made.state === "failed");
  const lost = past.filter((made) => made.state === "intent").length;
  if (!budgeted) return Math.max(1, granted - failed.length);
  const mayBeBilled = lost > 0 || failed.some(({ error }) => !UNBILLED.has(error.code));
  return Math.max(mayBeBilled ? 0 : 1, granted - failed.length - lost);
}
