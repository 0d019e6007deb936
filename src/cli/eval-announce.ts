import type { Begun } from "../evaluation/evaluation.js";
import type { Method } from "../evaluation/methods/types.js";
import type { Problem } from "../evaluation/problem.js";
import { families } from "../families/index.js";
import type { Chosen } from "./eval-data.js";
import { dollars, note, visible } from "./output.js";

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
