import type { AnyFamily } from "../families/types.js";
import { gradeByFamily } from "./ask.js";
import { gradeIn, type Draw, type DrawGrade } from "./draw.js";
import type { Problem } from "./problem.js";
import { isSealed } from "./series.js";
import { reader } from "./wordings.js";

/** A recording's draws as they are read today. */
export interface Reread {
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
