import { CopeError } from "../errors.js";
import { note } from "./output.js";
import { defaultFile, hasSavedRuns, openSavedRuns, type SavedRuns } from "./saved-runs.js";
import type { SolveFlags } from "./solve-flags.js";

/** The command that resumes a thread, as it would be typed. */
export function resumeLine(thread: string, { checkpoint, tape }: SolveFlags): string {
  const quoted = (text: string) => (/^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
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
