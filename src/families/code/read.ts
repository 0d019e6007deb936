import { definedNames, entryPointOf } from "./definitions.js";
import { isCut } from "../cut.js";
import type { Reading, ReadReply } from "../types.js";
import { withoutLast } from "./fences.js";
import { findProgram, type Found } from "./find.js";
import type { CodeTask } from "./task.js";
import { runOptions, tryProgram, type Running } from "./try.js";

/** Top-level statements that are cut off at most to make a program of a text that breaks off. */
const MOST_CUTS = 5;

/**
 * Reads the program from a model's text and runs the task's visible tests on it. Undefined where there is no function: a text
 * in another language, prose, a program too large, one without a fence that is no valid program, and, where no tests could tell
 * why, one with a syntax error.
 *
 * @throws CopeError `SANDBOX_MISSING`, `SANDBOX_FAILED`; the reason of an aborted `signal`
 */
export async function readCode(
  text: string,
  task: CodeTask,
  { finish, ...running }: Running & Pick<ReadReply, "finish">,
): Promise<Reading<string> | undefined> {
  const found = findProgram(text, task, isCut({ finish }));
  if (!found) return undefined;
  if (task.tests.length === 0) {
    const valid = await validPart(found, task, running);
    return valid === undefined ? undefined : { value: valid, by: found.by };
  }
  // One start of the sandbox is enough where the program loads, as nearly all do.
  const tried = await tryProgram(found.program, task, running);
  const { checks } = tried;
  if (checks.passed > 0 || !/\b(?:Syntax|Indentation|Tab)Error\b/.test(checks.failures[0]?.why ?? ""))
    return { value: found.program, by: found.by, ...tried };
  const valid = await validPart(found, task, running);
  // Prose may look like a program; a fence says that it means to be one.
  if (valid === undefined) return found.by === "text" ? undefined : { value: found.program, by: found.by, ...tried };
  if (valid === found.program) return { value: valid, by: found.by, ...tried };
  return { value: valid, by: found.by, ...(await tryProgram(valid, task, running)) };
}

/** The program without the statements at its end that make it invalid: a text that was cut may hold a whole function. */
async function validPart({ program }: Found, task: CodeTask, running: Running): Promise<string | undefined> {
  const { language } = task;
  const needed = entryPointOf(task, program);
  let rest = program;
  for (let cuts = 0; cuts <= MOST_CUTS; cuts++) {
    const names = definedNames(rest, language);
    if (names.length === 0 || (cuts > 0 && needed !== undefined && !names.includes(needed))) return undefined;
    const error = await running.runner.checkSyntax({ language, code: rest, ...runOptions(running) });
    if (error === undefined) return rest;
    rest = withoutLast(rest);
  }
  return undefined;
}
