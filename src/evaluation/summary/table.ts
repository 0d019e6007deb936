import { sectionsOf, type Section } from "./sections.js";
import type { Summary } from "./types.js";

/**
 * The tables of a summary as text: valid markdown that a terminal of 100 columns shows as it is, with footnotes for what
 * columns mean.
 */
export function tableOf(summary: Summary): string {
  const { data, models, seed, at } = summary.recording;
  const pair = Object.entries(models).map(([role, { name }]) => `${role} ${name}`);
  const of = `${data}: ${summary.problems} problems, seed ${seed}, ${at.slice(0, 10)}; ${pair.join(", ")}`;
  return [plain(of), ...sectionsOf(summary).map(textOf)].join("\n\n") + "\n";
}

/** One table as text. */
export function textOf({ title, head, rows, notes }: Section): string {
  const right = head.map((cell) => cell.startsWith(" "));
  const cells = [head.map((cell) => cell.trim()), ...rows].map((row) => row.map(plain));
  const widths = head.map((_, i) => Math.max(3, ...cells.map((row) => row[i]!.length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, i) => (right[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join(" | ")} |`;
  const rule = `| ${widths.map((width, i) => (right[i] ? `${"-".repeat(width - 1)}:` : "-".repeat(width))).join(" | ")} |`;
  const [top, ...body] = cells.map(line);
  return [`### ${title}`, "", top, rule, ...body, "", ...wrap(notes.map(plain).join(" "))].join("\n");
}

/** Lines of at most 100 columns. */
const wrap = (text: string): string[] => text.match(/\S.{0,98}\S(?= |$)/g) ?? [text];

/** Names are the user's: none may end a cell or a line. */
const plain = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\s\p{Cc}]+/gu, " ")
    .replaceAll("|", "\\|");
