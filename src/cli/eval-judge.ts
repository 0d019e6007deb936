import { CopeError } from "../errors.js";
import type { Evaluation, Progress } from "../evaluation/evaluation.js";
import {
  answersOf,
  judgeAnswers,
  judgeModel,
  judgeRoom,
  worstOfJudging,
  type Judgements,
} from "../evaluation/judge/index.js";
import type { Problem } from "../evaluation/problem.js";
import { EMBEDDED } from "../models/roles.js";
import type { EvalOptions } from "./eval-options.js";
import { defined } from "./flags.js";
import { abortable } from "./interrupt.js";
import { dollars, note, visible } from "./output.js";
import { pricedModel } from "../models/types.js";

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
 * @param methods - how many are compared
 * @returns what is going to be judged, and for how much at the most
 * @throws CopeError `OPTIONS_INVALID` where the problems have no open answers, or the role no model; `PRICE_UNKNOWN`; what
 *   opening a model throws
 */
export async function requireJudge(
  judge: string,
  family: string,
  { options, models }: Pick<JudgeJob, "options" | "models">,
  { problems, methods }: { problems: readonly Problem[]; methods: number },
): Promise<string> {
  if (family !== "chat") {
    const reason = `--judge compares open answers, and these problems are of the family ${family}.`;
    throw new CopeError("OPTIONS_INVALID", reason, "leave it out: they are graded by their gold answers.");
  }
  if (models[judge] === undefined && EMBEDDED[judge] === undefined) {
    const reason = `--judge: no model is given for the role "${judge}".`;
    throw new CopeError("OPTIONS_INVALID", reason, `name one: --model ${judge}=provider:model.`);
  }
  const { price: prices, budgetUsd: usd } = options;
  const limits = defined({ usd });
  const { handle, prices: book } = await judgeModel({ judge, models, limits, ...defined({ prices }) });
  const worst = worstOfJudging(problems, methods, {
    model: pricedModel(handle),
    prices: book,
    room: judgeRoom(handle),
  });
  const price = worst.usd === 0 ? "" : worst.usd === null ? ", at an unknown price" : `, ${dollars(worst.usd)}`;
  const { provider, model } = handle.identity;
  return `  ${judge} (${provider}:${model}) judges the answers: at most ${worst.calls} calls${price}`;
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
  const judged = await abortable(work, `what was judged is kept; go on with: ${again}`);
  const { calls, usd } = judged.spent;
  tell(`judged, in ${calls} calls${usd === 0 ? "" : usd === null ? " at an unknown price" : `, ${dollars(usd)}`}`);
  return judged;
}
