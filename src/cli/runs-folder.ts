import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { CopeError } from "../errors.js";

/** Where evaluations keep their tapes and reports, under the folder a command is run in. */
export const RUNS = "runs";

/**
 * The tape of an evaluation that names none: the same data and models have the same file, so that the same command goes on
 * where it was.
 *
 * @param parts - all that tells it from another evaluation, in words
 */
export function tapeFor(data: string, parts: readonly string[]): string {
  const hash = createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 6);
  return join(RUNS, `${data.replace(/[^\w.+-]+/g, "-").slice(0, 60)}-${hash}.sqlite`);
}

/** Folder of what is made from a tape: its path without the ending. */
export const folderOf = (tape: string): string => tape.replace(/(\.sqlite|\.db|\.jsonl(\.gz)?)$/, "") || tape;

/**
 * The tape that a command reads where none is named: the one under `./runs` that was written last.
 *
 * @throws CopeError `FILE_NOT_FOUND` where there is none
 */
export function defaultTape(): string {
  const files = names().map((name) => join(RUNS, name));
  const [newest] = files.toSorted((a, b) => writtenAt(b) - writtenAt(a));
  if (newest !== undefined) return newest;
  const reason = `there is no tape under ./${RUNS}.`;
  throw new CopeError("FILE_NOT_FOUND", reason, "record one with cope eval --data …, or name one with --tape FILE.");
}

function names(): string[] {
  try {
    return readdirSync(RUNS).filter((name) => name.endsWith(".sqlite"));
  } catch {
    return [];
  }
}

/** What was written last may still be in the log beside the file. */
function writtenAt(file: string): number {
  return Math.max(...[file, `${file}-wal`].map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0));
}
