import { z } from "zod";
import type { CodeGold } from "../problem.js";
import { has, Text, TextOrNumber, type Format } from "./format.js";

/**
 * MBPP (Austin et al. 2021): a sentence that asks for a Python function, and assertions.
 *
 * @param shownTests - how many of the assertions the task shows; the others and the challenge list grade, and always one at least.
 */
export function mbpp(shownTests: number): Format {
  return {
    name: "mbpp",
    matches: (row) => has(row, "test_list", "code") && (has(row, "text") || has(row, "prompt")),
    schema: Mbpp.transform((row, context) => {
      const entryPoint = testedFunction(row.code, row.test_list);
      if (!entryPoint) {
        context.addIssue({
          code: "custom",
          path: ["test_list"],
          message: "no function of `code` is called by every test",
        });
        return z.NEVER;
      }
      // Some problems have one assertion several times: what is shown cannot grade. One always grades, the last.
      const tests = [...new Set([...row.test_list, ...row.challenge_test_list])];
      const shown = tests.slice(0, Math.min(shownTests, row.test_list.length, tests.length - 1));
      const setup = row.test_setup_code;
      return {
        id: row.task_id,
        family: "code",
        task: {
          question: row.text ?? row.prompt!,
          language: "python",
          entryPoint,
          imports: row.test_imports,
          tests: shown,
          ...(setup === "" ? {} : { setup }),
        },
        gold: {
          tests: tests.slice(shown.length),
          setup: [...row.test_imports, setup].join("\n").trim(),
          entryPoint,
        } satisfies CodeGold,
        about: {},
      };
    }),
  };
}

const Mbpp = z
  .object({
    task_id: TextOrNumber,
    // The hand-checked part of MBPP says `prompt`.
    text: Text.optional(),
    prompt: Text.optional(),
    code: Text,
    test_list: z.array(Text.transform((test) => test.trim())).min(1),
    challenge_test_list: z.array(Text.transform((test) => test.trim())).default([]),
    test_setup_code: z.string().default(""),
    test_imports: z.array(z.string()).default([]),
  })
  .refine(({ text, prompt }) => text ?? prompt, { path: ["text"], message: "a text is needed" });

/** Its name stands in the assertions, but only the solution tells it from the functions they call beside it. */
function testedFunction(code: string, tests: readonly string[]): string | undefined {
  const defined = [...code.matchAll(/^(?:async\s+)?(?:def|class)\s+(\w+)/gm)].map(([, name]) => name!);
  return defined.findLast((name) => tests.every((test) => new RegExp(`\\b${name}\\s*\\(`).test(test)));
}
