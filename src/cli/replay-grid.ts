import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { grid, type Grid, type GridOptions, type GridRow, type Setting } from "../evaluation/replay/index.js";
import { guarded } from "../models/sqlite-errors.js";
import { note, printJson, visible } from "./output.js";
import type { ReplayWish } from "./replay-options.js";
import { makeFolder } from "../files.js";
import { openRecording } from "./replay-run.js";

/** The thresholds of the paper (arXiv 2506.11578), shown whether or not something beats them. */
const PAPER = [0.75, 0.5];

/** `cope replay --grid`: the settings that nothing beats, and on request all of them as files. */
export async function runGrid(wish: ReplayWish): Promise<void> {
  const recorded = await openRecording(wish);
  const { stages, samples, guideline: styles, waves, approximate, steps, thresholds } = wish;
  const options: GridOptions = {
    stages,
    approximate,
    ...(samples ? { samples } : {}),
    ...(styles ? { styles } : {}),
    ...(waves ? { waves } : {}),
    ...(steps ? { steps } : {}),
    ...(thresholds ? { thresholds: [thresholds] } : {}),
  };
  const found = grid(recorded, options);
  const paper = found.rows.filter(({ thresholds: of }) => of.join() === PAPER.join());
  const files = wish.out === undefined ? undefined : write(wish.out, found);
  const { rows, refused, frontier } = found;
  const problems = recorded.problems.length;
  if (wish.json) {
    const about = { tape: wish.tape, recording: recorded.recording, problems, rows: rows.length };
    return printJson({ ...about, refused: refused.length, lacks: refused[0]?.missing, frontier, paper, files });
  }
  const head = `${recorded.recording.data}: ${problems} problems, ${rows.length} settings that can be decided`;
  process.stdout.write(visible(`${head}\n\nNothing beats these\n${tableOf(frontier)}\n`));
  const beaten = beatenBy(frontier, paper);
  if (refused.some(({ thresholds: of }) => of.join() === PAPER.join()))
    process.stdout.write(`The paper's thresholds (${PAPER.join(", ")}) need draws that are not recorded.\n`);
  if (beaten.length > 0) process.stdout.write(visible(`The paper's thresholds\n${tableOf(beaten)}\n`));
  process.stdout.write(
    "cost: input + 4 × output tokens of the large model, a problem; accuracy with its 95 % interval\n",
  );
  if (refused.length > 0)
    note(visible(`${refused.length} settings need draws that are not recorded, first ${refused[0]!.missing}`));
  if (files) note(visible(`all rows: ${files.join(", ")}`));
}

/** The rows that are none of the frontier's. Thresholds alone do not tell: each stands there for every n, wave and style. */
export function beatenBy<R extends Setting>(frontier: readonly Setting[], rows: readonly R[]): R[] {
  const keyOf = ({ samples, wave, style, thresholds }: Setting) => JSON.stringify([samples, wave, style, thresholds]);
  const unbeaten = new Set(frontier.map(keyOf));
  return rows.filter((row) => !unbeaten.has(keyOf(row)));
}

const percent = (share: number | null): string => (share === null ? "–" : `${(100 * share).toFixed(1)} %`);

function tableOf(rows: readonly GridRow[]): string {
  const several = (of: (row: GridRow) => string) => new Set(rows.map(of)).size > 1;
  const columns: [string, (row: GridRow) => string, boolean?][] = [
    ["thresholds", ({ thresholds }) => thresholds.join(", ")],
    ["n", ({ samples }) => String(samples)],
    ["waves", ({ wave }) => wave, several(({ wave }) => wave)],
    ["guideline", ({ style }) => style, several(({ style }) => style)],
    [
      "accuracy",
      ({ accuracy, interval: [low, high] }) =>
        `${percent(accuracy)} (${(100 * low).toFixed(0)}–${(100 * high).toFixed(0)})`,
    ],
    ["of", ({ n }) => String(n)],
    ["cost", ({ largeCost }) => (largeCost === null ? "unknown" : largeCost.toFixed(0))],
    ["draws", ({ draws }) => draws.toFixed(1)],
    [
      "ended in",
      ({ ends }) =>
        Object.entries(ends)
          .map(([stage, count]) => `${stage} ${count}`)
          .join(", "),
    ],
    ["approximate", ({ approximate }) => String(approximate), rows.some(({ approximate }) => approximate > 0)],
  ];
  const shown = columns.filter(([, , wanted = true]) => wanted);
  const lines = [shown.map(([title]) => title), ...rows.map((row) => shown.map(([, cell]) => cell(row)))];
  const widths = shown.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
  return lines
    .map(
      (line) =>
        `  ${line
          .map((cell, i) => cell.padEnd(widths[i]!))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

function write(folder: string, { rows, refused, frontier }: Grid): string[] {
  guarded(folder, () => makeFolder(folder));
  const stages = [...new Set(rows.flatMap(({ ends }) => Object.keys(ends)))];
  const plain = ["samples", "wave", "style", "n", "right", "accuracy", "unreadable", "failed", "ungraded"] as const;
  const also = ["largeCost", "draws", "approximate"] as const;
  const most = Math.max(...rows.map(({ thresholds }) => thresholds.length));
  const head = [
    ...Array.from({ length: most }, (_, i) => `threshold${i + 1}`),
    ...plain,
    "accuracyLow",
    "accuracyHigh",
    ...also,
    ...stages.map((stage) => `ended:${stage}`),
  ];
  const lines = rows.map((row) => [
    ...row.thresholds,
    ...plain.map((name) => row[name]),
    ...row.interval,
    ...also.map((name) => row[name]),
    ...stages.map((stage) => row.ends[stage] ?? 0),
  ]);
  const csv = join(folder, "grid.csv");
  const json = join(folder, "grid.json");
  const table = [head, ...lines].map((line) => `${line.map((cell) => cell ?? "").join(",")}\n`).join("");
  guarded(csv, () => writeFileSync(csv, table));
  guarded(json, () => writeFileSync(json, `${JSON.stringify({ rows, frontier, refused })}\n`));
  return [csv, json];
}
