import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CopeError } from "../errors.js";
import type { Evaluation, Progress } from "../evaluation/evaluation.js";
import {
  answersOf,
  judgeAnswers,
  judgeModel,
  judgeRoom,
  judgeSections,
  judgeTable,
  worstOfJudging,
  type Judgements,
} from "../evaluation/judge/index.js";
import type { Problem } from "../evaluation/problem.js";
import { readRecording } from "../evaluation/recorded.js";
import { firstOf, replayExtras } from "../evaluation/replay/index.js";
import { requireCharts, writeReport } from "../evaluation/report/index.js";
import { studyPlans, studyTable } from "../evaluation/study-plans.js";
import { summarise, tableOf, type Summary } from "../evaluation/summary/index.js";
import { makeFolder } from "../files.js";
import { createPriceBook } from "../models/prices.js";
import { EMBEDDED } from "../models/roles.js";
import { guarded } from "../models/sqlite-errors.js";
import { pricedModel } from "../models/types.js";
import type { Chosen } from "./eval-data.js";
import type { EvalOptions } from "./eval.js";
import { defined, wrong } from "./flags.js";
import { readStages } from "./inputs.js";
import { abortable } from "./interrupt.js";
import { dollars, note, visible } from "./output.js";

/** What a result is shown with. */
export interface ResultPlace {
  options: EvalOptions;
  chosen: Chosen;
  tape: string;
  /** Folder of the report. */
  out: string;
  /** The command that goes on. */
  again: string;
  /** What a judge said of the answers. */
  judged?: Judgements;
}

/** Makes the folder of a report before anything is paid for. @throws CopeError `FILE_BROKEN`, `DISK_FULL` */
export function makeReportFolder(out: string): void {
  guarded(out, () => makeFolder(out, { mode: 0o700 }));
}

/** Sums an evaluation up, writes table, summary and report, prints the table, and returns what `--json` prints. */
export async function printEvaluation(evaluation: Evaluation, place: ResultPlace): Promise<object> {
  const { options, chosen, tape, out, again } = place;
  const { what, text, figures } = options.study ? study(evaluation, place) : comparison(evaluation, place);
  const { judged } = place;
  const table = [text, ...(judged ? [judgeTable(judged)] : []), ...remarks(evaluation, chosen)].join("\n");
  const done = evaluation.problems.length;
  const problems = { done, total: chosen.problems.length, refused: chosen.refused };
  const { stopped, unfinished, unasked } = evaluation;
  const document = { problems, ...defined({ stopped, unfinished, unasked }), ...figures, ...defined({ judged }) };
  write(out, `${what.table}.md`, table);
  write(out, `${what.figures}.json`, `${JSON.stringify(document, null, 2)}\n`);
  const report = figures.summary ? await writePage(evaluation, figures.summary, place) : join(out, `${what.table}.md`);
  const whole = { tape, out, recording: evaluation.recording.id, ...document };
  if (options.json) return whole;
  process.stdout.write(visible(table));
  note(visible(`Report: ${report}`));
  if (stopped) {
    const why = stopped === "minutes" ? "The time is up" : "The limit is reached";
    note(visible(`${why}: ${done} of ${problems.total} problems are done. Go on with: ${again}`));
  }
  return whole;
}

function comparison(evaluation: Evaluation, { options: { margin, price, by } }: ResultPlace) {
  const summary = summarise(evaluation, {
    prices: createPriceBook(price ?? {}),
    ...defined({ marginPoints: margin, by }),
  });
  return { what: { table: "table", figures: "summary" }, text: tableOf(summary), figures: { summary } };
}

function study(evaluation: Evaluation, { options: { price } }: ResultPlace) {
  const plans = studyPlans(evaluation, { prices: createPriceBook(price ?? {}) });
  return {
    what: { table: "plans", figures: "plans" },
    text: studyTable(plans),
    figures: { plans, summary: undefined },
  };
}

/** The page, also where the packages that draw its charts are not installed: its tables say the same. */
async function writePage(evaluation: Evaluation, summary: Summary, place: ResultPlace): Promise<string> {
  const { options, chosen, tape, out, again } = place;
  const file = join(out, "report.html");
  const questions = new Map(chosen.problems.map(({ id, task }) => [id, task.question]));
  const charts = await requireCharts().then(
    () => true,
    (error: unknown) => {
      if (!CopeError.isInstance(error) || error.code !== "PACKAGE_MISSING") throw error;
      if (!options.json) note(visible(`The report has no charts: ${error.reason} ${error.remedy}`));
      return false;
    },
  );
  // Only a whole recording says what other thresholds would have done.
  const stages = options.stages === undefined ? undefined : readStages(options.stages);
  const recorded = options.allDraws ? await readRecording(tape, { recording: evaluation.recording.id }) : undefined;
  const extras = recorded ? replayExtras(firstOf(recorded, evaluation.problems.length), { stages }) : {};
  const judged = place.judged ? { judged: judgeSections(place.judged) } : {};
  await writeReport(file, evaluation, summary, { ...extras, ...judged, command: again, questions, charts });
  return file;
}

/** What a table must say beside its numbers. */
function remarks({ problems, stopped, unfinished, unasked }: Evaluation, { refused, problems: all }: Chosen): string[] {
  return [
    refused > 0 &&
      `${refused} ${refused === 1 ? "row" : "rows"} of the data could not be read as a problem and count nowhere.`,
    unfinished && `Not in the table, for the limit was reached before: ${unfinished.join(", ")}.`,
    unasked && `Left out, for the large model did not answer the turn before: ${unasked.join(", ")}.`,
    stopped && `${problems.length} of ${all.length} problems so far.`,
  ].flatMap((line) => (line ? [`${line}\n`] : []));
}

function write(folder: string, name: string, text: string): void {
  const file = join(folder, name);
  guarded(file, () => writeFileSync(file, text, { mode: 0o600 }));
}

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
    throw wrong(reason, "leave it out: they are graded by their gold answers.");
  }
  if (models[judge] === undefined && EMBEDDED[judge] === undefined) {
    const reason = `--judge: no model is given for the role "${judge}".`;
    throw wrong(reason, `name one: --model ${judge}=provider:model.`);
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
