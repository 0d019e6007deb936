import { renameSync, rmSync, writeFileSync } from "node:fs";
import { CopeError } from "../../errors.js";
import type { Evaluation } from "../evaluation.js";
import type { Summary } from "../summary/types.js";
import { confidenceCharts } from "./charts/confidence.js";
import { costChart } from "./charts/cost.js";
import { extraCharts } from "./charts/extras.js";
import { endsChart, flipsChart } from "./charts/stages.js";
import type { Chart } from "./charts/chart.js";
import { packDetails } from "./details.js";
import type { ReportExtras } from "./extras.js";
import { pageOf, type Figure } from "./page.js";
import { loadDraw, type Draw } from "./vega.js";

export type { GridPoint, ReportExtras } from "./extras.js";

/**
 * Makes sure that charts can be drawn: worth asking before a long evaluation, and not after it.
 *
 * @throws CopeError `PACKAGE_MISSING`, with the line that installs what is missing
 */
export async function requireCharts(): Promise<void> {
  await loadDraw();
}

/**
 * Writes a report: one HTML file that fetches nothing, with all charts and tables, and every problem's plans, samples,
 * votes and verdicts behind them.
 *
 * @param file - written as a whole, in place of what stands there
 * @param summary - of the same evaluation
 * @throws CopeError `PACKAGE_MISSING` without vega and vega-lite, unless `charts` is false; `FILE_NOT_FOUND`, `DISK_FULL`
 */
export async function writeReport(
  file: string,
  evaluation: Evaluation,
  summary: Summary,
  extras: ReportExtras = {},
): Promise<void> {
  const charts = [
    costChart(summary),
    endsChart(summary),
    flipsChart(summary),
    ...confidenceCharts(summary),
    ...extraCharts(extras),
  ].filter((chart) => chart !== undefined);
  const draw = extras.charts === false ? undefined : await loadDraw();
  const figures = await Promise.all(charts.map((chart) => (draw ? drawn(chart, draw) : { ...chart, drawn: [] })));
  const details = packDetails(evaluation, extras.questions);
  save(file, pageOf({ evaluation, summary, figures, extras, details }));
}

async function drawn(chart: Chart, draw: Draw): Promise<Figure> {
  const panels = chart.panels.map(async ({ spec, wide }) => ({
    narrow: await draw(spec, chart.alt),
    ...(wide ? { wide: await draw(wide, chart.alt) } : {}),
  }));
  return { ...chart, drawn: await Promise.all(panels) };
}

function save(file: string, page: string): void {
  const part = `${file}.part-${process.pid}`;
  try {
    writeFileSync(part, page);
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    throw unwritten(file, error as NodeJS.ErrnoException);
  }
}

function unwritten(file: string, cause: NodeJS.ErrnoException): CopeError {
  if (cause.code === "ENOSPC") {
    return new CopeError("DISK_FULL", `no room is left for ${file}.`, "free some space, and make the report again.", {
      cause,
    });
  }
  const remedy = "name a file in a folder that is there and can be written to.";
  return new CopeError("FILE_NOT_FOUND", `${file} cannot be written (${cause.code}).`, remedy, { cause });
}
