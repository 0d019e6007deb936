import { pool, readIds } from "../evaluation/data/known.js";
import { loadProblems, type DataSet } from "../evaluation/data/load.js";
import { subset } from "../evaluation/data/subset.js";
import type { Problem } from "../evaluation/data/problem.js";
import { families } from "../families/index.js";
import type { Begun } from "../evaluation/evaluation.js";
import type { Method } from "../evaluation/methods/types.js";
import type { EvalOptions } from "./eval.js";
import { defined, wrong } from "./flags.js";
import { readChoices, readSchema } from "./inputs.js";
import { dollars, note, visible } from "./output.js";

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
const MOST_ROWS = 10;

/**
 * Reads the data sets of a command line and chooses from them; what is wrong with rows is told on stderr.
 *
 * @throws CopeError as `loadProblems`, `subset` and `readIds` do
 */
export async function chooseProblems(options: EvalOptions): Promise<Chosen> {
  const { family, columns, unlabelled, limit, order = 0, where = {}, part, share } = options;
  const ids = options.ids === undefined ? undefined : readIds(options.ids);
  const choices = options.choices === undefined ? undefined : readChoices(options.choices);
  const schema = options.schema === undefined ? undefined : readSchema(options.schema);
  const sets: DataSet[] = [];
  for (const fileOrName of options.data.flatMap((one) => one.split(",")).map((one) => one.trim())) {
    const set = await loadProblems(fileOrName, defined({ columns, family, choices, schema, unlabelled }));
    if (!options.json) noteRefused(fileOrName, set);
    // Rows of one's own have their family by now, from themselves or from the flag; those of a benchmark are of one alone.
    const isOwn = set.format === "rows" || set.format === "problems" || family === undefined || family === "auto";
    sets.push(isOwn ? set : { ...set, problems: set.problems.map((problem) => ({ ...problem, family })) });
  }
  const all = sets.length === 1 ? sets[0]!.problems : pool(sets);
  const problems = subset(all, {
    seed: order,
    where,
    ...defined({ limit, ids, part: part && { take: part === "tuning" ? "tuning" : "heldOut", ...defined({ share }) } }),
  });
  const labels = new Set(problems.flatMap(({ about }) => Object.keys(about)));
  const none = options.by?.find((name) => !labels.has(name));
  if (none !== undefined) {
    const remedy = `there are ${[...labels].join(", ") || "no labels"}.`;
    throw wrong(`--by: no problem is labelled with a ${none}.`, remedy);
  }
  const refused = sets.reduce((sum, set) => sum + set.refused.length, 0);
  return { name: sets.map(({ name }) => name).join("+"), problems, all: all.length, refused };
}

function noteRefused(file: string, { refused }: DataSet): void {
  for (const { line, field, why } of refused.slice(0, MOST_ROWS)) {
    note(visible(`${file}, line ${line}: ${field === null ? "" : `${field}: `}${why}; left out`));
  }
  if (refused.length > MOST_ROWS) note(`… and ${refused.length - MOST_ROWS} more rows that are no problems`);
}

/** What an evaluation is told by. */
interface Announced {
  chosen: Chosen & { family: string };
  methods: readonly Method[];
  /** What a judge is going to do afterwards, if one is asked. */
  judging: readonly string[];
  tape: string;
}

/** What is going to be done, before anything is asked. */
export function announce(
  { recording, worst }: Begun,
  { chosen: { name, family, problems, all }, methods, judging, tape }: Announced,
): void {
  note(visible(`${problems.length} of ${all} problems of ${name}, recorded on ${tape}`));
  for (const line of previewOf(problems, family)) note(visible(line));
  for (const [role, model] of Object.entries(recording.models)) note(visible(`  ${role.padEnd(8)} ${model.name}`));
  for (const method of methods) note(visible(`  ${method.name}: ${method.about}`));
  for (const line of judging) note(visible(line));
  if (worst.usd === 0) return;
  const price = worst.usd === null ? "At an unknown price, at most" : `At most ${dollars(worst.usd)} in`;
  note(`${price} ${worst.calls} calls, if every stage of every problem is needed and nothing is on the tape.`);
}

/** Rows that are shown before anything is spent. */
const SHOWN = 5;
/** Characters of a prompt that are shown. */
const SHOWN_LENGTH = 160;

/** The first rows as they will be asked, and what they are graded by: a wrong prompt shows before it is paid for. */
function previewOf(problems: readonly Problem[], family: string): string[] {
  const { prompts } = families[family]!();
  const short = (text: string) => {
    const line = text.trim().replace(/\s+/g, " ");
    return line.length > SHOWN_LENGTH ? `${line.slice(0, SHOWN_LENGTH)}…` : line;
  };
  const rows = problems.slice(0, SHOWN).map(({ id, task, gold }) => {
    const messages = prompts.execute(task as never, {});
    const graded =
      gold === null ? "not graded" : `graded by ${short(typeof gold === "string" ? gold : JSON.stringify(gold))}`;
    return {
      system: messages.find(({ role }) => role === "system")?.content,
      line: `    ${id}, ${graded}: ${short(messages.at(-1)!.content)}`,
    };
  });
  const system = rows[0]?.system;
  return [
    `  As they will be asked, family ${family}${system === undefined ? "" : `, told “${short(system)}”`}:`,
    ...rows.map(({ line }) => line),
  ];
}
