import { CopeError } from "../errors.js";
import { note } from "./output.js";
import { quoted } from "./quoted.js";
import { defaultFile, hasSavedRuns, openSavedRuns, type SavedRuns } from "./saved-runs.js";
import { lastFinished, readThread } from "./saved-thread.js";
import type { SolveFlags } from "./solve-flags.js";
import type { StartOptions } from "./solve-options.js";

/** The command that resumes a thread, as it would be typed. */
export function resumeLine(thread: string, { checkpoint, tape }: SolveFlags): string {
  const files = { "--checkpoint": checkpoint, "--tape": tape };
  const given = Object.entries(files).flatMap(([flag, file]) =>
    file === undefined ? [] : [`${flag} ${quoted(file)}`],
  );
  return ["cope solve --thread", quoted(thread), ...given].join(" ");
}

/** Opens the file a run is saved in; undefined where it is saved nowhere. */
export async function openRuns(flags: SolveFlags, question: string | undefined): Promise<SavedRuns | undefined> {
  if (!flags.save) return undefined;
  const file = flags.checkpoint ?? defaultFile();
  if (question === undefined && !hasSavedRuns(file)) throw nothingSaved(flags.thread!);
  try {
    return await openSavedRuns(file);
  } catch (error) {
    // The saver is an optional package: without it people still get their answer, and are told what is missing.
    const wanted = flags.thread !== undefined || flags.checkpoint !== undefined;
    if (wanted || !CopeError.isInstance(error) || error.code !== "PACKAGE_MISSING") throw error;
    if (!flags.json) note(`Not saved: ${error.reason} To save threads: ${error.remedy}`);
    return undefined;
  }
}

/** There is no such thread. */
export function nothingSaved(thread: string): CopeError {
  return new CopeError(
    "THREAD_UNKNOWN",
    `nothing saved of a thread "${thread}".`,
    "see `cope threads list`, or ask a question.",
  );
}

/** A question came before the thread's last one was answered. */
export function isUnfinished(thread: string, flags: SolveFlags): CopeError {
  return new CopeError(
    "THREAD_UNFINISHED",
    `the thread "${thread}" is unfinished.`,
    `resume it with \`${resumeLine(thread, flags)}\`, or forget it with \`cope threads rm ${thread}\`.`,
  );
}

/**
 * Frees a thread from a turn in which nothing was answered, so that the question can be asked again: either nothing was
 * sent, or every call failed and the run came to its end without an answer. Earlier turns stay. Says whether it did.
 *
 * @param turn - `before`: what the thread was started with before this run, where it was. `embedded`: all models run in this
 *   process, so a call without an answer is billed by nobody.
 */
export async function freed(
  runs: SavedRuns,
  thread: string,
  { before, embedded }: { before: StartOptions | undefined; embedded: boolean },
): Promise<boolean> {
  const now = await readThread(runs.saver, thread);
  if (now?.finished) return false;
  const kept = await lastFinished(runs.saver, thread);
  const turns = kept?.turn ?? 0;
  const counts = (state: string) => !embedded || state === "answered";
  const journaled = (await runs.journal.list(thread)).some(
    ({ turn, attempt }) => turn > turns && counts(attempt.state),
  );
  const rows = now !== undefined && now.turn > turns ? (now.values.calls ?? []) : [];
  const sent = journaled || rows.some(({ status }) => counts(status));
  const atItsEnd = now?.next === "finish" && (now.values.samples ?? []).every(({ failed }) => failed);
  if (sent && !atItsEnd) return false;
  if (!kept) await runs.forget(thread);
  else {
    runs.rollBack(thread, kept);
    runs.remember(thread, before && { ...before });
  }
  return true;
}
