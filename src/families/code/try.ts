import { SHOWN_FAILURES, type Checks } from "../../state/checks.js";
import type { SandboxLimits, TestsEnd } from "../../sandbox/index.js";
import { entryPointOf } from "./definitions.js";
import type { CodeRunner } from "./runner.js";
import type { CodeTask } from "./task.js";

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
export interface Tried {
  checks: Checks;
  sandbox?: string;
}

/** Runs the visible tests of a task on a program. A program that cannot even be loaded passes none, and says why. */
export async function tryProgram(program: string, task: CodeTask, running: Running): Promise<Tried> {
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
