import { randomUUID } from "node:crypto";
import { z } from "zod";
import { lostBy } from "./candidate.js";
import type { Deadline } from "./deadline.js";
import type { TestRun } from "./tests.js";
import { startPython, type Within } from "./start.js";
import type { Limits } from "./types.js";

const Verdict = z.object({ word: z.string(), passed: z.boolean(), why: z.string().nullable() });

/**
 * Judges tests in the program's own process, since they need more of it than its functions' answers.
 *
 * @returns for each of these tests null where it passed, else why not
 */
export async function testBeside(
  run: TestRun & Within,
  limits: Limits,
  tests: readonly number[],
  clock: Deadline,
): Promise<Map<number, string | null>> {
  const results = new Map<number, string | null>();
  while (results.size < tests.length) {
    const rest = tests.slice(results.size);
    const starting = startPython({ purpose: "beside", task: { program: run.program }, limits }, run);
    const python = await clock.held(starting);
    clock.watch(python);
    const loaded = await python.receive();
    if (loaded?.startsWith('{"loaded": true')) {
      // Nothing that was printed before the tests came can hold this word.
      const word = randomUUID();
      python.send(JSON.stringify({ word, setup: run.setup ?? "", tests: rest.map((index) => run.tests[index]) }));
      for (const index of rest) {
        const verdict = verdictOf(await python.receive());
        if (verdict?.word !== word) break;
        results.set(index, verdict.passed ? null : (verdict.why ?? "it failed"));
      }
    }
    if (results.size === tests.length) {
      python.stop("done");
      break;
    }
    const why = clock.passed ? "timeout" : await lostBy(python);
    python.stop("done");
    // The test at which the process ended; all that are left when there is no time for them.
    for (const index of why === "timeout" ? rest : rest.slice(0, 1 + results.size - (tests.length - rest.length))) {
      if (!results.has(index)) results.set(index, why);
    }
    run.signal?.throwIfAborted();
  }
  return results;
}

function verdictOf(line: string | undefined): z.infer<typeof Verdict> | undefined {
  try {
    return Verdict.parse(JSON.parse(line ?? ""));
  } catch {
    return undefined;
  }
}
