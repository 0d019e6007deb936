import { testJavaScript } from "./javascript/run.js";
import { inTurn } from "./queue.js";
import { limitsOf } from "./limits.js";
import { testPython } from "./test-python.js";
import type { TestRun, TestsEnd } from "./tests.js";

/**
 * Tests a program that nobody trusts, so that it cannot cheat: the tests run in one sandbox, the program in another, which is told
 * the arguments of each call and answers with plain data. Each test is judged on its own.
 *
 * @throws CopeError SANDBOX_MISSING, SANDBOX_FAILED, OPTIONS_INVALID; the signal's reason
 * @example
 * const { results } = await runTests({
 *   language: "python", program: "def double(n):\n    return 2 * n", entryPoint: "double", tests: ["assert double(2) == 4"],
 * });
 */
export async function runTests(run: TestRun): Promise<TestsEnd> {
  const limits = limitsOf(run.limits, run.language);
  return inTurn(run.signal, async () => {
    const began = performance.now();
    const end = await (run.language === "python" ? testPython(run, limits) : testJavaScript(run, limits));
    run.signal?.throwIfAborted();
    return { ...end, ms: Math.round(performance.now() - began) };
  });
}
