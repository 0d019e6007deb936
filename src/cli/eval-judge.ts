import { CopeError } from "../errors.js";
import type { Evaluation, Progress } from "../evaluation/evaluation.js";
import { answersOf, judgeAnswers, judgeModel, type Judgements } from "../evaluation/judge/index.js";
import { EMBEDDED } from "../models/roles.js";
import type { EvalOptions } from "./eval-options.js";
import { defined } from "./flags.js";
import { abortable } from "./interrupt.js";
import { note, visible } from "./output.js";

/** What a judge is asked with. */
interface JudgeJob {
  options: EvalOptions;
  models: Record<string, string>;
  tape: string;
  /** What the evaluation has spent of the limits. */
  spent: Progress["spent"];
  quiet: boolean;
}

/** Milliseconds between two lines of progress. */
const LINE_MS = 10_000;

/**
 * Opens the judge's model, so that what must be mended is told before anything is paid for.
 *
 * @throws CopeError `OPTIONS_INVALID` where the problems have no open answers, or the role no model; what opening a model throws
 */
export async function requireJudge(judge: string, family: string, models: Record<string, string>): Promise<void> {
  if (family !== "chat") {
    const reason = `--judge compares open answers, and these problems are of the family ${family}.`;
    throw new CopeError("OPTIONS_INVALID", reason, "leave it out: they are graded by their gold answers.");
  }
  if (models[judge] === undefined && EMBEDDED[judge] === undefined) {
    const reason = `--judge: no model is given for the role "${judge}".`;
    throw new CopeError("OPTIONS_INVALID", reason, `name one: --model ${judge}=provider:model.`);
  }
  await judgeModel({ judge, models });
}

/** Has the answers of a finished evaluation judged; undefined where it was cut short, and the rest is to come first. */
export async function judgeShown(
  judge: string,
  evaluation: Evaluation,
  { options, models, tape, spent, quiet }: JudgeJob,
  again: string,
): Promise<Judgements | undefined> {
  const tell = (line: string) => void (quiet || note(visible(line)));
  if (evaluation.stopped) {
    tell("Nothing is judged before all problems are done.");
    return undefined;
  }
  const { price, concurrency, attempts, callTimeout, atOnce, maxCalls, budgetUsd } = options;
  const left = (limit: number | undefined, used: number | null) =>
    limit === undefined ? undefined : Math.max(0, limit - (used ?? 0));
  let told = performance.now();
  tell(`${judge} judges the answers to ${evaluation.asked!.length} problems`);
  const work = (signal: AbortSignal) =>
    judgeAnswers({
      problems: evaluation.asked!,
      answers: answersOf(evaluation),
      judge,
      models,
      tape,
      limits: defined({ calls: left(maxCalls, spent.calls), usd: left(budgetUsd, spent.usd) }),
      ...defined({ prices: price, concurrency, attempts, callTimeoutMs: callTimeout, atOnce }),
      signal,
      onProgress({ done, total }) {
        if (done < total && performance.now() - told < LINE_MS) return;
        told = performance.now();
        tell(`${done} of ${total} problems are judged`);
      },
    });
  return abortable(work, `what was judged is kept; go on with: ${again}`);
}
