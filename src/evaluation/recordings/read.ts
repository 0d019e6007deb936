import { CopeError } from "../../errors.js";
import { families } from "../../families/index.js";
import type { AnyFamily } from "../../families/types.js";
import type { Problem } from "../data/problem.js";
import { openSqlite } from "../../storage/sqlite.js";
import { guarded } from "../../storage/sqlite-errors.js";
import { gradeByFamily } from "../ask.js";
import { type Draw, type DrawGrade, gradeIn } from "./draw.js";
import { type DrawsFile, isExport, readExport } from "./draws-file.js";
import { createEquality, createView, type View } from "./view.js";
import { openDraws, type ProblemNote, type Recording } from "./store.js";
import { isSealed } from "./series.js";
import { reader } from "./wordings.js";

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

/** A recording and how much there is of it. */
export interface RecordingSize extends Recording {
  /** Problems of which something is recorded. */
  problems: number;
  draws: number;
}

/**
 * The recordings of a tape, the one begun last first; none where it holds calls alone. Changes nothing.
 *
 * @throws CopeError `FILE_NOT_FOUND`, `FILE_BROKEN`
 */
export function recordingsOf(file: string): RecordingSize[] {
  const db = openSqlite(file, {});
  const sizes = new Map<string, { problems: number; draws: number }>();
  try {
    const table = guarded(file, () => db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'draws'").get());
    if (!table) return [];
    const rows = guarded(file, () =>
      db
        .prepare(
          "SELECT recording, count(*) AS draws, count(DISTINCT problem) AS problems FROM draws GROUP BY recording",
        )
        .all(),
    );
    for (const { recording, draws, problems } of rows)
      sizes.set(String(recording), { problems: Number(problems), draws: Number(draws) });
  } finally {
    db.close();
  }
  const store = openDraws(file, { existing: true });
  try {
    return store.recordings().map((one) => ({ ...one, ...(sizes.get(one.id) ?? { problems: 0, draws: 0 }) }));
  } finally {
    store.close();
  }
}

/** A recording's draws as they are read today. */
interface Reread {
  draws: Draw[];
  /** Draws whose value is another than the recorded one. */
  changed: number;
  /** Those among them of which nobody knows whether they are right. */
  ungraded: number;
}

/**
 * A recorded draw by today's reader, where its family reads the text alone (`textAlone`); the very same draw where that changes nothing. A
 * changed one has no grade.
 */
export async function rereadDraw(family: AnyFamily, draw: Draw): Promise<Draw> {
  if (!("textAlone" in family.read) || !isAnswer(draw)) return draw;
  const finish = draw.finish === undefined ? {} : { finish: draw.finish };
  // No task: such a family does not look at it.
  const reading = await reader(family)(draw.text, null, finish);
  const value = reading?.value ?? null;
  if (value === draw.value) return draw;
  const { readBy: _by, gradeUnknown: _grade, ...rest } = draw;
  return { ...rest, value, right: null, ...(reading?.value === undefined ? {} : { readBy: reading.by }) };
}

/**
 * All draws of a recording by today's reader. A changed value takes the grade of an equal value of its problem; else the data
 * grade it, where they are given; else its grade is unknown, unless nothing was ever graded.
 *
 * @param data - the problems with what grades them, by id
 */
export async function rereadDraws(
  recorded: readonly Draw[],
  family: AnyFamily,
  data: ReadonlyMap<string, Problem> = new Map(),
): Promise<Reread> {
  const byProblem = Map.groupBy(recorded, ({ problem }) => problem);
  const wasGraded = recorded.some(({ right, gradeUnknown }) => right !== null || gradeUnknown);
  const reread: Reread = { draws: [], changed: 0, ungraded: 0 };
  for (const draw of recorded) {
    const now = await rereadDraw(family, draw);
    const grade =
      now === draw || now.value === null || !wasGraded
        ? gradeIn(now)
        : await gradeAnew(now.value, { family, known: byProblem.get(draw.problem)!, problem: data.get(draw.problem) });
    reread.draws.push(now === draw ? draw : { ...now, ...grade });
    if (now !== draw) reread.changed += 1;
    if (now !== draw && grade.gradeUnknown) reread.ungraded += 1;
  }
  return reread;
}

async function gradeAnew(
  value: string,
  { family, known, problem }: { family: AnyFamily; known: readonly Draw[]; problem: Problem | undefined },
): Promise<DrawGrade> {
  const graded = known.filter((draw) => draw.value !== null && draw.right !== null);
  const alike = graded.find((draw) => draw.value === value);
  if (alike) return gradeIn(alike);
  for (const draw of graded) if ((await family.same(draw.value!, value)) === true) return gradeIn(draw);
  const right = problem && (await gradeByFamily(family, problem, value));
  return right === undefined ? { right: null, gradeUnknown: true } : { right };
}

/** A sample's text that answers the problem: no plan, no vector, no word on another answer, and not sealed. */
function isAnswer({ text, given, readBy, failed, calls }: Draw): boolean {
  return (
    !failed &&
    readBy !== "verdict" &&
    !/(?:^|, )answer \d/.test(given) &&
    calls.some(({ purpose }) => purpose === "execute") &&
    !isSealed(text)
  );
}
