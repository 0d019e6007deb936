import type { ActionTask } from "./task.js";

/** Room for one or two sentences, in characters. */
const THOUGHT = 240;

/**
 * The form that prompts ask for, as a grammar (GBNF): a thought of one line, then a command that is possible, or the answer
 * where the task can be ended by one. Small models left to themselves list all commands, or invent some. A colon would let the
 * thought name commands of its own.
 *
 * @returns undefined where any text may come: no commands are listed, or there are tools to call, too.
 */
export function commandForm({ actions, tools, answers }: ActionTask): string | undefined {
  if (!actions?.length || tools?.length) return undefined;
  // JSON's escapes are GBNF's, too.
  const commands = actions.map((action) => JSON.stringify(action.toWellFormed())).join(" | ");
  return [
    `root ::= (thought "\\n")? ("Action: " command${answers === undefined ? "" : ' | "Answer: " [^\\n]+'})`,
    `thought ::= [^\\n:=>] [^\\n:=>]{0,${THOUGHT - 1}}`,
    `command ::= ${commands}`,
  ].join("\n");
}
