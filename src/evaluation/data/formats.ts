import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { readRows, type Entry } from "./file.js";
import type { Format } from "./format.js";
import { gsm8k } from "./gsm8k.js";
import { humaneval } from "./humaneval.js";
import { math500 } from "./math500.js";
import { mbpp } from "./mbpp.js";
import { mtBench, Reference, type References } from "./mt-bench.js";
import { ownRows, wholeProblems, type OwnRows } from "./rows.js";
import { svamp } from "./svamp.js";

/** Names of the formats. `problems` are whole ones; `rows` are one's own, columns by name. */
export const FORMATS = ["gsm8k", "svamp", "math500", "mbpp", "humaneval", "mt_bench", "problems", "rows"] as const;
export type FormatName = (typeof FORMATS)[number];

/** What formats need to know beside the rows. */
export interface FormatOptions extends OwnRows {
  shownTests: number;
}

/** Rows that are looked at to tell the format. */
const LOOKED_AT = 10;

/** The format of a file: the one asked for, else the first whose fields most of the first rows have. */
export function formatOf(entries: readonly Entry[], path: string, options: FormatOptions, asked?: FormatName): Format {
  const all: Record<FormatName, () => Format> = {
    gsm8k: () => gsm8k,
    svamp: () => svamp,
    math500: () => math500,
    mbpp: () => mbpp(options.shownTests),
    humaneval: () => humaneval,
    mt_bench: () => mtBench(referencesBeside(path)),
    problems: () => wholeProblems(options),
    rows: () => ownRows(options),
  };
  if (asked) return all[asked]();
  const rows = entries.flatMap((entry) => ("row" in entry ? [entry.row] : [])).slice(0, LOOKED_AT);
  // Some rows may be malformed, and a row of one's own may look like one of a benchmark.
  const most = (format: FormatName) => rows.filter((row) => all[format]().matches(row)).length > rows.length / 2;
  const name = FORMATS.find(most) ?? "rows";
  return all[name]();
}

/** MT-Bench keeps its references in a file of their own. */
function referencesBeside(path: string): References {
  const file = join(dirname(path), "reference_answer_gpt-4.jsonl");
  if (!existsSync(file)) return new Map();
  const found = readRows(file).flatMap((entry) => {
    const parsed = "row" in entry ? Reference.safeParse(entry.row) : undefined;
    return parsed?.success ? [parsed.data] : [];
  });
  return new Map(found.map(({ question_id, choices }) => [question_id, choices[0]!.turns]));
}
