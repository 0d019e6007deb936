import { CopeError } from "../../errors.js";
import type { Problem } from "../problem.js";
import { openJudge, type Judge, type JudgeModelOptions } from "./ask.js";
import { gradesOf, judgementOf, orderShares } from "./figures.js";
import { judgedOf } from "./judged.js";
import { gradeMessages, pairMessages, readGrade, readVerdict, type Judged, type Said } from "./prompts.js";
import type { Judgements, PairResult, PairVerdict, SingleGrade } from "./types.js";
import { TEXT_LIMIT } from "./worst.js";

/** What is judged, and by whom. */
export interface JudgeOptions extends JudgeModelOptions {
  /** As they were asked, second turns with the conversation before them: `asked` of an evaluation. */
  problems: readonly Problem[];
  /** Texts by method, in the problems' order; null where there is none. */
  answers: ReadonlyMap<string, readonly (string | null)[]>;
  /** The method that all others are compared with. @default "large" */
  against?: string;
  /** A longer text is cut in the middle, UTF-16 units: what is judged must fit into the judge's context. @default 4000 */
  textLimit?: number;
  /** Problems under way at once. @default 4 */
  atOnce?: number;
  /** Told after each batch of problems. */
  onProgress?: (progress: { done: number; total: number }) => void;
}

/**
 * Holds answers of methods against those of one of them, each pair in both orders, and grades answers from 1 to 10 where a
 * reference is known. Judgements are greedy and on the tape: the same call again asks only for what is missing.
 *
 * @throws CopeError `OPTIONS_INVALID` where `answers` has no texts of `against`; what opening the judge throws;
 *   `ALL_CALLS_FAILED` where not one call was answered; what no retry mends; the signal's reason
 */
export async function judgeAnswers(options: JudgeOptions): Promise<Judgements> {
  const { problems, answers, against = "large", judge: role, textLimit = TEXT_LIMIT, atOnce = 4 } = options;
  if (!answers.has(against)) {
    const remedy = `add ${against} to the methods.`;
    throw new CopeError("OPTIONS_INVALID", `answers are judged beside those of ${against}, which are missing.`, remedy);
  }
  const judge = await openJudge(options);
  try {
    const parts: Parts = { judge, textLimit, against, answers };
    const pairs: PairVerdict[] = [];
    const single: SingleGrade[] = [];
    let done = 0;
    let stopped: Judgements["stopped"];
    while (done < problems.length) {
      const batch = problems.slice(done, done + atOnce);
      const made = await settled(batch.map((problem, i) => judgeProblem(problem, done + i, parts)));
      if (made === "budget") {
        stopped = made;
        break;
      }
      for (const one of made) {
        pairs.push(...one.pairs);
        single.push(...one.single);
      }
      done += batch.length;
      options.onProgress?.({ done, total: problems.length });
    }
    refuseDead(pairs, single);
    const names = [...answers.keys()];
    return {
      version: 1,
      judge: { role, model: judge.model },
      against,
      problems: done,
      methods: names.filter((name) => name !== against).map((name) => judgementOf(name, pairs)),
      ...orderShares(pairs),
      grades: names.flatMap((name) => gradesOf(name, single)),
      cut: cutTexts(problems.slice(0, done), answers, textLimit),
      spent: judge.spent(),
      pairs,
      single,
      ...(stopped ? { stopped } : {}),
    };
  } finally {
    judge.close();
  }
}

interface Parts {
  judge: Judge;
  textLimit: number;
  against: string;
  answers: JudgeOptions["answers"];
}

async function judgeProblem(problem: Problem, place: number, parts: Parts) {
  const { answers, against } = parts;
  const judged = judgedOf(problem);
  const texts = [...answers].map(([method, of]) => ({ method, text: of[place] ?? null }));
  const other = answers.get(against)![place] ?? null;
  const pairs = texts
    .filter(({ method }) => method !== against)
    .map(async ({ method, text }): Promise<PairVerdict> => {
      const { said, result } = await comparePair(judged, `1/judge/${problem.id}/${method}`, [text, other], parts);
      return { problem: problem.id, method, said, result };
    });
  const graded = judged.reference === undefined ? [] : texts.filter(({ text }) => text !== null);
  const single = graded.map(async ({ method, text }): Promise<SingleGrade> => {
    const messages = gradeMessages(judged, text!, parts.textLimit);
    const reply = await parts.judge.ask(`1/judge/${problem.id}/${method}/grade`, messages);
    const failed = "failed" in reply;
    return { problem: problem.id, method, grade: failed ? null : readGrade(reply.text), failed };
  });
  await Promise.allSettled([...pairs, ...single]);
  return { pairs: await all(pairs), single: await all(single) };
}

async function comparePair(
  judged: Judged,
  id: string,
  [own, other]: readonly [string | null, string | null],
  { judge, textLimit }: Parts,
): Promise<Pick<PairVerdict, "said" | "result">> {
  if (own === null || other === null) return { said: [null, null], result: "missing" };
  if (own.trim() === other.trim()) return { said: [null, null], result: "same" };
  const replies = await all([
    judge.ask(`${id}/first`, pairMessages(judged, own, other, textLimit)),
    judge.ask(`${id}/second`, pairMessages(judged, other, own, textLimit)),
  ]);
  const [first, second] = replies.map((reply) => ("failed" in reply ? null : readVerdict(reply.text)));
  const failed = replies.some((reply) => "failed" in reply);
  return { said: [first!, second!], result: failed ? "failed" : resultOf(first!, second!) };
}

/** What two verdicts say of the answer that stands first in the first, and second in the second. */
export function resultOf(first: Said | null, second: Said | null): PairResult {
  if (first === null || second === null) return "unreadable";
  if (first === "tie" && second === "tie") return "tie";
  if (first === "A" && second === "B") return "win";
  return first === "B" && second === "A" ? "loss" : "inconsistent";
}

/** Waits for all, so that those beside one that fails are kept; then throws what the first of them threw. */
async function all<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const made = await Promise.allSettled(work);
  return made.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
}

async function settled<T>(work: readonly Promise<T>[]): Promise<T[] | "budget"> {
  try {
    return await all(work);
  } catch (error) {
    if (CopeError.isInstance(error) && error.code === "BUDGET_TOO_SMALL") return "budget";
    throw error;
  }
}

function refuseDead(pairs: readonly PairVerdict[], single: readonly SingleGrade[]): void {
  const asked = [
    ...pairs.filter(({ result }) => result !== "same" && result !== "missing").map(({ result }) => result === "failed"),
    ...single.map(({ failed }) => failed),
  ];
  if (asked.length === 0 || asked.includes(false)) return;
  throw new CopeError("ALL_CALLS_FAILED", "not one judgement was made.", "mend the judge's model, then run it again.");
}

function cutTexts(problems: readonly Problem[], answers: JudgeOptions["answers"], limit: number): number {
  const own = problems.flatMap((problem) => {
    const { question, history = [], reference = "" } = judgedOf(problem);
    return [question, reference, history.map(({ content }) => content).join("")];
  });
  const texts = [...answers.values()].flatMap((of) => of.slice(0, problems.length));
  return [...own, ...texts].filter((text) => text !== null && text.trim().length > limit).length;
}
