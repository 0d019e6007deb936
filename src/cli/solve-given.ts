import { existsSync } from "node:fs";
import { CopeError } from "../errors.js";
import { parseChoices } from "../families/choice/parse-choices.js";
import type { Json } from "../state/json.js";
import { readJsonFile, readTextFile } from "../files.js";
import type { SolveFlags } from "./solve-flags.js";

/** What checks an answer, as the task's family parses it. */
export type GivenTask = Record<string, Json>;

/**
 * Reads what checks the answer: files of tests and schemas, choices, and the like.
 *
 * @throws CopeError `FILE_NOT_FOUND`, `FILE_BROKEN`, what reading tests throws
 */
export async function readGiven(flags: SolveFlags): Promise<GivenTask> {
  const { language, entryPoint, choices, schema, consensus, tests } = flags;
  return {
    ...(tests === undefined ? {} : await testsIn(tests, flags)),
    ...(language === undefined ? {} : { language }),
    ...(entryPoint === undefined ? {} : { entryPoint }),
    ...(choices === undefined ? {} : { choices: readChoices(choices) }),
    ...(schema === undefined ? {} : { schema: readSchema(schema) }),
    ...(consensus === undefined ? {} : { consensus }),
  };
}

async function testsIn(file: string, flags: SolveFlags): Promise<GivenTask> {
  const { entryPoint, language = file.endsWith(".js") ? "javascript" : "python" } = flags;
  const { readTestsFile } = await import("../families/code/tests-file.js");
  const { Language } = await import("../families/code/task.js");
  const parsed = Language.safeParse(language);
  if (!parsed.success)
    throw new CopeError(
      "OPTIONS_INVALID",
      `--language: "${language}" is none that the sandbox runs.`,
      "use python or javascript.",
    );
  const read = await readTestsFile(textOf(file, "tests"), parsed.data, entryPoint === undefined ? {} : { entryPoint });
  return { ...read, language: parsed.data };
}

/** `--choices` as it is typed: labels with commas between, or a file with one a line. @throws CopeError `FILE_BROKEN` */
export const readChoices = (choices: string): string[] =>
  parseChoices(existsSync(choices) ? textOf(choices, "choices") : choices);

/** The JSON schema in a file. @throws CopeError `FILE_NOT_FOUND`, `FILE_BROKEN` */
export const readSchema = (file: string): Json =>
  readJsonFile(file, { from: "--schema", remedy: "give a JSON schema." }) as Json;

/** What a flag's file holds. */
const textOf = (file: string, flag: string) =>
  readTextFile(file, { from: `--${flag}`, remedy: "name a file that can be read." });
