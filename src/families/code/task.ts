import { z } from "zod";
import { History } from "../history.js";

/** Languages that the sandbox runs. */
export const Language = z.enum(["python", "javascript"]);
export type Language = z.infer<typeof Language>;

/** A function's name, as both languages take it. */
const NAME = /^[\p{L}_$][\p{L}\p{N}_$]*$/u;
const TooLong = (what: string, most: number) => z.string().max(most, `${what} has more than ${most} characters`);

/** A function to write. Plain JSON; only `question` is needed. */
export const CodeTask = z
  .object({
    /** What the function does, or its head with a docstring, to be completed. */
    question: TooLong("the question", 100_000).trim().min(1, "the question is empty"),
    language: Language.default("python"),
    /** The tests that a program may be tried on, each one statement or block: `assert f(1) == 2`. They are shown to models. */
    tests: z
      .array(TooLong("a test", 100_000).refine((test) => test.trim() !== "", "a test is empty"))
      .max(500, "there are more than 500 tests")
      .default([]),
    /** What the tests need beside the program, run after it. */
    setup: TooLong("the setup", 100_000).optional(),
    /** The function's name. @default the one that the tests call */
    entryPoint: z.string().max(200).regex(NAME, "the entry point is no name of a function").optional(),
    /** Import statements that every program gets where it lacks them. */
    imports: z.array(TooLong("an import", 1_000)).max(100, "there are more than 100 imports").optional(),
    history: History,
  })
  .superRefine(({ language, imports = [] }, context) => {
    if (language !== "python") return;
    imports.forEach((line, i) => {
      if (!/^(?:import|from)\s[^\n]*$/.test(line))
        context.addIssue({
          code: "custom",
          path: ["imports", i],
          message: "an import statement on one line is needed",
        });
    });
  });
export type CodeTask = z.infer<typeof CodeTask>;
