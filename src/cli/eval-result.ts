import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CopeError } from "../errors.js";
import { makeFolder } from "../files.js";
import type { Evaluation } from "../evaluation/evaluation.js";
import { readRecording } from "../evaluation/recorded.js";
import { judgeSections, judgeTable, type Judgements } from "../evaluation/judge/index.js";
import { firstOf, replayExtras } from "../evaluation/replay/index.js";
import { requireCharts, writeReport } from "../evaluation/report/index.js";
import { studyPlans, studyTable } from "../evaluation/study-plans.js";
import { summarise, tableOf, type Summary } from "../evaluation/summary/index.js";
import { createPriceBook } from "../models/prices.js";
import { guarded } from "../models/sqlite-errors.js";
import type { Chosen } from "./eval-data.js";
import type { EvalFlags } from "./eval-flags.js";
import type { EvalOptions } from "./eval-options.js";
import { defined } from "./flags.js";
import { note, visible } from "./output.js";
import { readStages } from "./stages-file.js";

/** What a result is shown with. */
export interface ResultPlace {
  options: EvalOptions;
  flags: EvalFlags;
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
  const { flags, chosen, tape, out, again } = place;
  const { what, text, figures } = place.options.study ? study(evaluation, place) : comparison(evaluation, place);
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
  if (flags.json) return whole;
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
    ...(margin === undefined ? {} : { marginPoints: margin }),
    ...(by ? { by } : {}),
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
  const { flags, chosen, tape, out, again } = place;
  const file = join(out, "report.html");
  const questions = new Map(chosen.problems.map(({ id, task }) => [id, task.question]));
  const charts = await requireCharts().then(
    () => true,
    (error: unknown) => {
      if (!CopeError.isInstance(error) || error.code !== "PACKAGE_MISSING") throw error;
      if (!flags.json) note(visible(`The report has no charts: ${error.reason} ${error.remedy}`));
      return false;
    },
  );
  // Only a whole recording says what other thresholds would have done.
  const stages = flags.stages === undefined ? {} : { stages: readStages(flags.stages) };
  const recorded = flags.allDraws ? await readRecording(tape, { recording: evaluation.recording.id }) : undefined;
  const extras = recorded ? replayExtras(firstOf(recorded, evaluation.problems.length), stages) : {};
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
