import { existsSync } from "node:fs";
import { CopeError } from "../errors.js";
import { parseChoices } from "../families/choice/task.js";
import { readJsonFile, readTextFile } from "../files.js";
import type { Json } from "../state/message.js";
import type { StageInput } from "../state/stage.js";

/** What checks an answer, as the task's family parses it. */
export type GivenTask = Record<string, Json>;

/** Longest question read from stdin, characters: far beyond any model's context, far below the machine's memory. */
const LONGEST = 10_000_000;

/** The question of a command line: the argument, or stdin for `-`; undefined where there is none. */
export async function readQuestion(argument: string | undefined): Promise<string | undefined> {
  if (argument === undefined) return undefined;
  const question = argument === "-" ? await readStdin() : argument;
  if (question.trim() === "") throw new CopeError("TASK_INVALID", "the question is empty.", 'cope solve "…"');
  return question.trim();
}

async function readStdin(): Promise<string> {
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) {
    text += chunk;
    if (text.length > LONGEST)
      throw new CopeError("TASK_INVALID", "the question is longer than 10 million characters.", "shorten it.");
  }
  return text;
}

/** The tests in a file, and the language that they are written in. @throws CopeError `OPTIONS_INVALID`, and as reading does */
export async function readTests(
  file: string,
  { entryPoint, language = file.endsWith(".js") ? "javascript" : "python" }: { entryPoint?: string; language?: string },
): Promise<GivenTask> {
  const [{ readTestsFile }, { Language }] = await Promise.all([
    import("../families/code/tests-file.js"),
    import("../families/code/task.js"),
  ]);
  const { success, data } = Language.safeParse(language);
  if (success) return { ...(await readTestsFile(textOf(file, "tests"), data, { entryPoint })), language: data };
  const reason = `--language: "${language}" is none that the sandbox runs.`;
  throw new CopeError("OPTIONS_INVALID", reason, "use python or javascript.");
}

/** `--choices` as it is typed: labels with commas between, or a file with one a line. @throws CopeError `FILE_BROKEN` */
export const readChoices = (choices: string): string[] =>
  parseChoices(existsSync(choices) ? textOf(choices, "choices") : choices);

/** The JSON schema in a file. @throws CopeError `FILE_NOT_FOUND`, `FILE_BROKEN` */
export const readSchema = (file: string) =>
  readJsonFile(file, { from: "--schema", remedy: "give a JSON schema." }) as Record<string, Json>;

const textOf = (file: string, flag: string) =>
  readTextFile(file, { from: `--${flag}`, remedy: "name a file that can be read." });

/**
 * A stage list from a JSON file. What is wrong with a stage is told when the list is resolved.
 *
 * @throws CopeError `FILE_NOT_FOUND`; `FILE_BROKEN` where it holds no list
 */
export function readStages(file: string): StageInput[] {
  const remedy = "give a file with a JSON list of stages.";
  const list = readJsonFile(file, { remedy });
  if (Array.isArray(list)) return list;
  throw new CopeError("FILE_BROKEN", `${file} holds JSON that is no list.`, remedy);
}
