import { z } from "zod";
import type { CodeGold } from "../problem.js";
import { docstringTests } from "./docstring-tests.js";
import { has, Text, type Format } from "./format.js";

/**
 * HumanEval (Chen et al. 2021): the head of a Python function to complete. The examples of its docstring are shown as
 * tests; where it has none, `tests` is empty. The set's own check grades.
 */
export const humaneval: Format = {
  name: "humaneval",
  matches: (row) => has(row, "prompt", "entry_point", "test"),
  schema: z
    .object({ task_id: Text, prompt: Text, entry_point: z.string().regex(/^\w+$/, "a name is needed"), test: Text })
    .transform(({ task_id, prompt, entry_point, test }, context) => {
      const head = prompt.lastIndexOf(`def ${entry_point}`);
      if (head === -1) {
        context.addIssue({ code: "custom", path: ["prompt"], message: `it does not define ${entry_point}` });
        return z.NEVER;
      }
      const before = prompt.slice(0, head).trim();
      return {
        id: task_id,
        family: "code",
        task: {
          question: prompt,
          language: "python",
          entryPoint: entry_point,
          imports: before.match(/^(?:import|from) .*$/gm) ?? [],
          tests: docstringTests(prompt.slice(head), entry_point),
        },
        // Some checks call helpers that the prompt defines, which a program may leave out.
        gold: {
          tests: [`${test.trim()}\n\ncheck(${entry_point})`],
          setup: before,
          entryPoint: entry_point,
        } satisfies CodeGold,
        about: { tests: docstringTests(prompt.slice(head), entry_point).length > 0 ? "visible" : "none" },
      };
    }),
};
