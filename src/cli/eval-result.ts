import type { Evaluation } from "../evaluation/evaluate.js";
import type { EvalFlags } from "./eval-flags.js";
import type { Chosen } from "./eval-data.js";
import type { EvalOptions } from "./eval-options.js";
import { note, printJson, visible } from "./output.js";

/** What a result is shown with. */
export interface ResultPlace {
  options: EvalOptions;
  flags: EvalFlags;
  chosen: Chosen;
  tape: string;
  out: string;
  /** The command that goes on. */
  again: string;
}

/** Writes the report, and prints the table. */
export async function printEvaluation(
  evaluation: Evaluation,
  { flags, chosen, tape, again }: ResultPlace,
): Promise<void> {
  const { outcomes, problems, methods, stopped } = evaluation;
  const rows = methods.map(({ name }) => {
    const ended = outcomes.get(name)!;
    return {
      name,
      right: ended.filter(({ right }) => right).length,
      of: ended.filter(({ status }) => status !== "failed").length,
      largeOut: ended
        .flatMap(({ waves }) => waves.flat().flatMap(({ calls }) => calls))
        .filter(({ role }) => role === "large")
        .reduce((sum, { outputTokens }) => sum + (outputTokens ?? 0), 0),
    };
  });
  if (flags.json)
    return printJson({
      tape,
      done: problems.length,
      total: chosen.problems.length,
      refused: chosen.refused,
      stopped,
      rows,
    });
  for (const { name, right, of, largeOut } of rows)
    process.stdout.write(`${name.padEnd(16)} ${right} of ${of} right, ${largeOut} tokens written by the large model\n`);
  if (chosen.refused > 0)
    process.stdout.write(`${chosen.refused} rows of the data are no problems and were left out.\n`);
  if (stopped) note(visible(`${problems.length} of ${chosen.problems.length} problems are done. Go on with: ${again}`));
}
