import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Evaluation } from "../evaluation/evaluate.js";
import { summarise, tableOf } from "../evaluation/summary/index.js";
import { createPriceBook } from "../models/prices.js";
import { guarded } from "../models/sqlite-errors.js";
import type { Chosen } from "./eval-data.js";
import type { EvalFlags } from "./eval-flags.js";
import type { EvalOptions } from "./eval-options.js";
import { note, printJson, styled, visible } from "./output.js";

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
}

/** Makes the folder of a report before anything is paid for. @throws CopeError `FILE_BROKEN`, `DISK_FULL` */
export function makeFolder(out: string): void {
  guarded(out, () => mkdirSync(out, { recursive: true, mode: 0o700 }));
}

/** Sums an evaluation up, writes table, summary and report, and prints the table. */
export function printEvaluation(evaluation: Evaluation, place: ResultPlace): void {
  const { options, flags, chosen, tape, out, again } = place;
  const { margin, price, by } = options;
  const summary = summarise(evaluation, {
    prices: createPriceBook(price ?? {}),
    ...(margin === undefined ? {} : { marginPoints: margin }),
    ...(by ? { by } : {}),
  });
  const table = [tableOf(summary), ...remarks(evaluation, chosen)].join("\n");
  const done = evaluation.problems.length;
  const problems = { done, total: chosen.problems.length, refused: chosen.refused };
  const document = { problems, ...(evaluation.stopped ? { stopped: evaluation.stopped } : {}), summary };
  write(out, "table.md", table);
  write(out, "summary.json", `${JSON.stringify(document, null, 2)}\n`);
  if (flags.json) return printJson({ tape, out, recording: summary.recording.id, ...document });
  process.stdout.write(visible(table));
  note(visible(`Report: ${join(out, "table.md")}`));
  if (evaluation.stopped) {
    const why = evaluation.stopped === "minutes" ? "The time is up" : "The limit is reached";
    note(
      visible(`${styled("yellow", `${why}: ${done} of ${problems.total} problems are done.`)} Go on with: ${again}`),
    );
  }
}

/** What a table must say beside its numbers. */
function remarks({ problems, stopped }: Evaluation, { refused, problems: all }: Chosen): string[] {
  return [
    refused > 0 &&
      `${refused} ${refused === 1 ? "row" : "rows"} of the data could not be read as a problem and count nowhere.`,
    stopped && `${problems.length} of ${all.length} problems so far.`,
  ].flatMap((line) => (line ? [`${line}\n`] : []));
}

function write(folder: string, name: string, text: string): void {
  const file = join(folder, name);
  guarded(file, () => writeFileSync(file, text, { mode: 0o600 }));
}
