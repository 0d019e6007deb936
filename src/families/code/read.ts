import { z } from "zod";
import { isCut } from "../cut.js";
import type { Reading, ReadReply } from "../types.js";
import { type Checks, SHOWN_FAILURES } from "../../state/sample.js";
import { callFunction, checkSyntax, runTests, type SandboxLimits, type TestsEnd } from "../../sandbox/index.js";
import type { Json } from "../../state/message.js";
import { parseOptions } from "../../options-error.js";
import { definedNames, entryPointOf } from "./definitions.js";
import { findProgram, type Found, withoutLast } from "./find.js";
import type { CodeTask } from "./task.js";

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

/** How programs are run. */
export interface Running {
  runner: CodeRunner;
  limits?: SandboxLimits | undefined;
  signal?: AbortSignal | undefined;
}

/** What runs of the sandbox are given beside the program. */
export const runOptions = ({ limits, signal }: Running) => ({
  ...(limits ? { limits } : {}),
  ...(signal ? { signal } : {}),
});

/**
 * The function that the sandbox is to hold a program to. A class, which tests name by its capital, is none: its tests need it
 * beside them. What a task names itself, or writes as functions are written, stays a function.
 */
export function calledBy(task: CodeTask, program: string): string | undefined {
  const name = entryPointOf(task, program);
  const isClass = task.entryPoint === undefined && name !== undefined && /^\p{Lu}/u.test(name);
  return isClass && new RegExp(`^class[ \\t]+${name.replaceAll("$", "\\$")}(?![\\w$])`, "m").test(program)
    ? undefined
    : name;
}

/** What running a program on its visible tests said, and where it ran. */
interface Tried {
  checks: Checks;
  sandbox?: string;
}

/** Runs the visible tests of a task on a program. A program that cannot even be loaded passes none, and says why. */
async function tryProgram(program: string, task: CodeTask, running: Running): Promise<Tried> {
  const { sandbox, ...end } = await runVisible(program, task, running);
  return { checks: checksOf(end, task.tests.length), ...(sandbox === undefined ? {} : { sandbox }) };
}

function runVisible(program: string, task: CodeTask, running: Running): Promise<TestsEnd> {
  const { language, tests, setup } = task;
  const entryPoint = calledBy(task, program);
  return running.runner.runTests({
    language,
    program,
    tests,
    ...(entryPoint === undefined ? {} : { entryPoint }),
    ...(setup === undefined ? {} : { setup }),
    ...runOptions(running),
  });
}

function checksOf({ loaded, why, results }: Pick<TestsEnd, "loaded" | "why" | "results">, total: number): Checks {
  if (!loaded)
    return { passed: 0, total, failures: [shown("the program itself", `it does not load: ${why ?? "unknown"}`)] };
  const weak = results.filter((result) => result.weak).length;
  return {
    passed: results.filter((result) => result.passed).length,
    total,
    ...(weak > 0 ? { weak } : {}),
    failures: results
      .filter((result) => !result.passed)
      .slice(0, SHOWN_FAILURES.count)
      .map((result) => shown(result.test, result.why ?? "it fails")),
  };
}

const shown = (test: string, why: string) => ({ test: cut(test), why: cut(why.replace(/\s+/g, " ")) });

/** Half of a surrogate pair would not survive a JSON file. */
function cut(text: string): string {
  const { length } = SHOWN_FAILURES;
  const plain = text.trim().toWellFormed();
  return plain.length <= length ? plain : `${plain.slice(0, length - 1)}…`.toWellFormed();
}

/** What the family needs of a sandbox: these functions of it, or others that keep the same promises. */
export interface CodeRunner {
  /** Tries a program on tests. */
  runTests: typeof runTests;
  /** Calls a function of a program with plain data. */
  callFunction: typeof callFunction;
  /** The error of a program that cannot be parsed. */
  checkSyntax: typeof checkSyntax;
}

export const inSandbox: CodeRunner = { runTests, callFunction, checkSyntax };

/** What a data set knows of a task: the tests that grade, which the cascade has not seen. */
const Gold = z.object({
  tests: z.array(z.string()).min(1),
  setup: z.string().default(""),
  entryPoint: z.string().nullable().default(null),
});

/**
 * Whether a program passes all tests that grade; null where there are none.
 *
 * @throws CopeError `OPTIONS_INVALID` where the gold has another shape; `SANDBOX_MISSING`, `SANDBOX_FAILED`
 */
export async function gradeCode(
  gold: Json,
  program: string,
  task: CodeTask,
  running: Running,
): Promise<boolean | null> {
  if (gold === null) return null;
  const { tests, setup, entryPoint } = parseOptions(Gold, gold, "what grades a program");
  const name = entryPoint ?? calledBy({ ...task, tests: task.tests.length > 0 ? task.tests : tests }, program);
  const { loaded, results } = await running.runner.runTests({
    language: task.language,
    program,
    tests,
    ...(name === undefined ? {} : { entryPoint: name }),
    ...(setup === "" ? {} : { setup }),
    ...runOptions(running),
  });
  return loaded && results.length === tests.length && results.every(({ passed }) => passed);
}
