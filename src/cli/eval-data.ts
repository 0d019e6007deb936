import { CopeError } from "../errors.js";
import { readIds } from "../evaluation/data/ids.js";
import { loadProblems, type DataSet } from "../evaluation/data/load.js";
import { pool } from "../evaluation/data/pool.js";
import { subset } from "../evaluation/data/subset.js";
import type { Problem } from "../evaluation/problem.js";
import type { EvalFlags } from "./eval-flags.js";
import type { EvalOptions } from "./eval-options.js";
import type { Json } from "../state/json.js";
import { note, visible } from "./output.js";
import { readChoices, readSchema } from "./solve-given.js";

/** The problems of a command line. */
export interface Chosen {
  /** Name of the data set, or of several with + between. */
  name: string;
  problems: Problem[];
  /** Problems of the whole data set. */
  all: number;
  /** Rows that are no problem. */
  refused: number;
}

/** Rows that are told one by one. */
const TOLD = 10;

/**
 * Reads the data sets of a command line and chooses from them; what is wrong with rows is told on stderr.
 *
 * @throws CopeError as `loadProblems`, `subset` and `readIds` do
 */
export async function chooseProblems(options: EvalOptions, flags: EvalFlags): Promise<Chosen> {
  const ids = flags.ids === undefined ? undefined : readIds(flags.ids);
  const sets: DataSet[] = [];
  const { family } = options;
  for (const fileOrName of options.data.flatMap((one) => one.split(",")).map((one) => one.trim())) {
    const { columns } = options;
    const set = await loadProblems(fileOrName, {
      ...(columns ? { columns } : {}),
      ...(family ? { family } : {}),
      ...(flags.choices === undefined ? {} : { choices: readChoices(flags.choices) }),
      ...(flags.schema === undefined ? {} : { schema: readSchema(flags.schema) as Record<string, Json> }),
      ...(flags.unlabelled ? { unlabelled: true } : {}),
    });
    if (!flags.json) tellRefused(fileOrName, set);
    // Rows of one's own have their family by now, from themselves or from the flag; those of a benchmark are of one alone.
    const isOwn = set.format === "rows" || set.format === "problems" || family === undefined || family === "auto";
    sets.push(isOwn ? set : { ...set, problems: set.problems.map((problem) => ({ ...problem, family })) });
  }
  const all = sets.length === 1 ? sets[0]!.problems : pool(sets);
  const { limit, order, where, part, share } = options;
  const problems = subset(all, {
    seed: order,
    where,
    ...(limit === undefined ? {} : { limit }),
    ...(ids ? { ids } : {}),
    ...(part ? { part: { take: part === "tuning" ? "tuning" : "heldOut", ...(share ? { share } : {}) } } : {}),
  });
  const labels = new Set(problems.flatMap(({ about }) => Object.keys(about)));
  const none = options.by?.find((name) => !labels.has(name));
  if (none !== undefined) {
    const reason = `--by: no problem is labelled with a ${none}.`;
    throw new CopeError("OPTIONS_INVALID", reason, `there are ${[...labels].join(", ") || "no labels"}.`);
  }
  const refused = sets.reduce((sum, set) => sum + set.refused.length, 0);
  return { name: sets.map(({ name }) => name).join("+"), problems, all: all.length, refused };
}

function tellRefused(file: string, { refused }: DataSet): void {
  for (const { line, field, why } of refused.slice(0, TOLD)) {
    note(visible(`${file}, line ${line}: ${field === null ? "" : `${field}: `}${why}; left out`));
  }
  if (refused.length > TOLD) note(`… and ${refused.length - TOLD} more rows that are no problems`);
}
