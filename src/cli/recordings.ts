import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { CopeError } from "../errors.js";
import { loadProblems } from "../evaluation/data/load.js";
import { METHODS } from "../evaluation/methods/index.js";
import { readRecording, type Recorded } from "../evaluation/recordings/read.js";
import { firstOf } from "../evaluation/replay/index.js";
import type { StageInput } from "../state/stage.js";
import { wrong, type recordingFlags, type Values } from "./flags.js";
import { readStages } from "./inputs.js";
import { note } from "./output.js";

/** Where evaluations keep their tapes and reports, under the folder a command is run in. */
const RUNS = "runs";

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
  const files = namesOfTapes().map((name) => join(RUNS, name));
  const [newest] = files.toSorted((a, b) => writtenAt(b) - writtenAt(a));
  if (newest !== undefined) return newest;
  const reason = `there is no tape under ./${RUNS}.`;
  throw new CopeError("FILE_NOT_FOUND", reason, "record one with cope eval --data …, or name one with --tape FILE.");
}

function namesOfTapes(): string[] {
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

/** A recording, and the tape that holds it. */
export interface OpenRecording {
  tape: string;
  recorded: Recorded;
}

/** Opens the recording that a command line names, or its first problems. @throws CopeError as `defaultTape` and reading do */
export async function openRecording({
  tape = defaultTape(),
  recording,
  limit,
  data,
}: Values<typeof recordingFlags> & { limit?: number }): Promise<OpenRecording> {
  const problems = data === undefined ? undefined : (await loadProblems(data)).problems;
  const recorded = await readRecording(tape, { recording, problems });
  if (recorded.problems.length === 0)
    throw new CopeError("NOT_RECORDED", `${tape} holds no draw of any problem.`, "record some with cope eval.");
  if (recorded.unreadable > 0) note(`${recorded.unreadable} rows of ${tape} could not be read and are left out.`);
  noteReread(recorded);
  return { tape, recorded: limit === undefined ? recorded : firstOf(recorded, limit) };
}

/** Values that today's reader reads otherwise: a table may differ from the one that was printed then. */
function noteReread({ reread: { changed, ungraded } }: Recorded): void {
  if (changed === 0) return;
  const values = changed === 1 ? "1 value is" : `${changed} values are`;
  const open = ungraded > 0 ? ` Nobody knows whether ${ungraded} of them are right; --data FILE grades them.` : "";
  note(`${values} read otherwise today than when they were recorded.${open}`);
}

/** The stages that a command line looks at: the name of a list, or one's own. */
export const stagesOf = ({ stages, strategy = "cope" }: { stages?: string; strategy?: string }) =>
  stages === undefined ? strategy : readStages(stages);

/** Methods as they are named on a command line, and the stage lists that some of the names stand for. */
export interface NamedMethods {
  names: string[];
  lists: Record<string, StageInput[]>;
}

/**
 * Reads what `--methods` was given: names, and `name=file.json` for a stage list of one's own under a name of one's own.
 *
 * @throws CopeError `OPTIONS_INVALID` for a list without a name, under the name of another method, or two of one name; what
 *   reading a stage list throws
 */
export function readMethodNames(methods: readonly string[]): NamedMethods {
  const refuse = (reason: string) =>
    wrong(`--methods: ${reason}`, "give each stage list a name of its own: mine=stages.json.");
  const lists: Record<string, StageInput[]> = {};
  const names = methods.map((method) => {
    const cut = method.indexOf("=");
    if (cut < 0) return method;
    const name = method.slice(0, cut).trim();
    // Tables hold everything against the method named large: a list under such a name would pass for it.
    if (name === "" || (name !== "cope" && Object.hasOwn(METHODS, name)))
      throw refuse(`"${method}" gives a stage list ${name === "" ? "no name" : "the name of another method"}.`);
    lists[name] = readStages(method.slice(cut + 1).trim());
    return name;
  });
  const twice = names.find((name, i) => Object.hasOwn(lists, name) && names.indexOf(name) !== i);
  if (twice !== undefined) throw refuse(`two methods are named "${twice}".`);
  return { names, lists };
}
