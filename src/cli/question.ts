import { CopeError } from "../errors.js";

/** Longest question read from stdin, characters: far beyond any model's context, far below the machine's memory. */
const LONGEST = 10_000_000;

/** The question of a command line: the argument, or stdin for `-`; undefined where there is none. */
export async function readQuestion(argument: string | undefined): Promise<string | undefined> {
  if (argument === undefined) return undefined;
  const text = argument === "-" ? await stdin() : argument;
  if (text.trim() === "") throw new CopeError("TASK_INVALID", "the question is empty.", 'cope solve "…"');
  return text.trim();
}

async function stdin(): Promise<string> {
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) {
    text += chunk;
    if (text.length > LONGEST)
      throw new CopeError("TASK_INVALID", "the question is longer than 10 million characters.", "shorten it.");
  }
  return text;
}
