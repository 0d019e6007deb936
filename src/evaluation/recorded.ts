import { CopeError } from "../errors.js";
import { families } from "../families/index.js";
import type { AnyFamily } from "../families/types.js";
import type { Draw } from "./draw.js";
import { isExport, readExport, type DrawsFile } from "./draws-file.js";
import { createEquality } from "./equality.js";
import type { Problem } from "./problem.js";
import { rereadDraws } from "./reread.js";
import { openDraws, type ProblemNote, type Recording } from "./store.js";
import { createView, type View } from "./view.js";

/** A recording, read whole: what replays, tables and calibration decide from. */
export interface Recorded {
  recording: Recording;
  /** In the order in which they were recorded; only those that have draws. */
  problems: readonly ProblemNote[];
  /** One for each problem. */
  views: readonly View[];
  draws: readonly Draw[];
  /** Draws that are read otherwise today than when they were recorded, and those among them whose grade is unknown; see `reread.ts`. */
  reread: { changed: number; ungraded: number };
  /** Rows of the file that could not be read. */
  unreadable: number;
}

/** Which recording of a file. */
export interface ReadOptions {
  /** Id of the recording. @default the one begun last */
  recording?: string;
  /** The family, where it is one of your own. @default the recording's, by name */
  family?: AnyFamily;
  /** The data set, to grade values that are read otherwise today. @default the grades of equal recorded values alone */
  problems?: readonly Problem[];
}

/**
 * Reads a recording from a tape, or from an export of its draws (`.jsonl`, `.jsonl.gz`), and compares the values of each
 * problem, so that decisions are mere arithmetic afterwards. Where the family reads the text alone, as mathematics does, values are
 * read anew; other families keep the recorded ones.
 *
 * @throws CopeError `FILE_NOT_FOUND`, `FILE_BROKEN`, `FAMILY_UNKNOWN`; `OPTIONS_INVALID` where the file holds no such
 *   recording, or none
 */
export async function readRecording(
  file: string,
  { recording: id, family: own, problems: data = [] }: ReadOptions = {},
): Promise<Recorded> {
  const read = isExport(file) ? await readExport(file) : readStored(file, id);
  const { recording, problems, unknown, unreadable } = read;
  const family = own ?? familyOf(recording);
  const { draws, ...reread } = await rereadDraws(read.draws, family, new Map(data.map((one) => [one.id, one])));
  const byProblem = Map.groupBy(draws, (draw) => draw.problem);
  const known = problems.filter((problem) => byProblem.has(problem.id));
  const views: View[] = [];
  for (const { id: problem } of known) {
    const of = byProblem.get(problem)!;
    const kept = unknown.filter((one) => one.problem === problem).map(({ pair }) => pair);
    const equality = createEquality(family.same, kept);
    await equality.learn(of.flatMap(({ value }) => value ?? []));
    views.push(createView(problem, of, equality));
  }
  return { recording, problems: known, views, draws, reread, unreadable };
}

/** A recording as its tape holds it. @throws CopeError as `readRecording` does */
export function readStored(file: string, id: string | undefined): DrawsFile {
  const store = openDraws(file, { existing: true });
  try {
    const all = store.recordings();
    const recording = id === undefined ? all[0] : all.find((one) => one.id === id);
    if (!recording) {
      const names = all.map((one) => `${one.id} (${one.data})`).join(", ");
      const reason = id === undefined ? `${file} holds no recorded draws.` : `${file} holds no recording ${id}.`;
      throw new CopeError("OPTIONS_INVALID", reason, names ? `it holds ${names}.` : "cope eval records some.");
    }
    return {
      recording,
      problems: store.problems(recording.id),
      unknown: store.unknown(recording.id),
      ...store.read(recording.id),
    };
  } finally {
    store.close();
  }
}

function familyOf({ family }: Recording): AnyFamily {
  const make = Object.hasOwn(families, family) ? families[family] : undefined;
  if (make) return make();
  const remedy = "pass the family that it was recorded with.";
  throw new CopeError("FAMILY_UNKNOWN", `the recording is of the family "${family}", which is not built in.`, remedy);
}
