import { z } from "zod";
import type { Json } from "../../state/json.js";
import { parseOptions } from "../../options-error.js";
import type { CodeTask } from "./task.js";
import { calledBy, runOptions, type Running } from "./try.js";

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
