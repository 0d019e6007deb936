import { inOneLine } from "./command.js";
import { repeatsOf } from "./repeats.js";
import type { ActionTask } from "./task.js";

/** Room for a sentence, in characters. Lists of things with numbers take a token for every two or three. */
const THOUGHT = 160;

/**
 * The form that prompts ask for, as a grammar (GBNF): a thought of one line, then a command that is possible, or the answer
 * where the task can be ended by one. Small models left to themselves list all commands, invent some, or go round in circles: what
 * would only repeat is left out while anything else is possible. A colon would let the thought name commands of its own.
 *
 * @returns undefined where any text may come: no commands are listed, or there are tools to call, too.
 */
export function commandForm(task: ActionTask): string | undefined {
  const { actions, tools, answers } = task;
  if (!actions?.length || tools?.length) return undefined;
  const repeats = repeatsOf(task);
  const open = actions.filter((command) => repeats({ command }) === undefined);
  const commands = (open.length > 0 ? open : actions).map((command) => literal(inOneLine(command)));
  return [
    `root ::= (thought "\\n")? ("Action: " command${answers === undefined ? "" : ' | "Answer: " [^\\n]+'})`,
    `thought ::= [^\\n:=>] [^\\n:=>]{0,${THOUGHT - 1}}`,
    `command ::= ${commands.join(" | ")}`,
  ].join("\n");
}

/** A text as GBNF writes it. */
const literal = (text: string): string =>
  `"${text
    .toWellFormed()
    .replace(/["\\]/g, "\\$&")
    .replace(/\p{Cc}/gu, (mark) => `\\x${mark.charCodeAt(0).toString(16).padStart(2, "0")}`)}"`;
