import { z } from "zod";
import { History } from "../history.js";
import { CopeError } from "../../errors.js";

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

/** A parameter that a call has to give, with its annotation where it has one. */
export interface Parameter {
  type?: string;
}

/**
 * The parameters of a top-level function that have no default, in order; undefined where there is no such function, or it
 * takes any number of arguments.
 */
export function parametersOf(program: string, name: string, language: Language): Parameter[] | undefined {
  const escaped = name.replace(/\$/g, "\\$&");
  const heads: Record<Language, RegExp> = {
    python: new RegExp(
      `^(?:async[ \\t]+)?def[ \\t]+${escaped}[ \\t]*(?=\\()|^${escaped}[ \\t]*=[ \\t]*lambda\\b`,
      "gm",
    ),
    javascript: new RegExp(
      `^(?:async[ \\t]+)?function[ \\t]*\\*?[ \\t]*${escaped}[ \\t]*(?=\\()|^(?:const|let|var)[ \\t]+${escaped}[ \\t]*=[ \\t]*(?:async\\b[ \\t]*)?(?:function\\b[ \\t]*[\\w$]*[ \\t]*)?(?=[(\\w$])`,
      "gm",
    ),
  };
  // The last definition of a name is the one that counts.
  const found = [...program.matchAll(heads[language])].at(-1);
  if (!found) return undefined;
  const start = found.index + found[0].length;
  const after = program.slice(start, start + 2_000).replace(language === "python" ? /#.*/g : /\/\/.*/g, "");
  if (found[0].endsWith("lambda")) return parsed(split(after, ":"));
  if (after.startsWith("(")) return parsed(split(after.slice(1), ")"));
  return [{}];
}

/** The parts between commas up to the closing mark, brackets inside of them whole. */
function split(text: string, end: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const char of text) {
    if (depth === 0 && char === end) break;
    if ("([{".includes(char)) depth += 1;
    if (")]}".includes(char)) depth -= 1;
    if (depth === 0 && char === ",") parts.push("");
    else parts[parts.length - 1] += char;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

function parsed(parts: readonly string[]): Parameter[] | undefined {
  if (parts.some((part) => /^(?:\*\w|\.\.\.)/.test(part))) return undefined;
  const star = parts.indexOf("*");
  return (star < 0 ? parts : parts.slice(0, star))
    .filter((part) => part !== "/" && !/(?<![=!<>])=(?!=)/.test(part))
    .map((part) => {
      const type = /^\w+\s*:\s*(.+)$/s.exec(part)?.[1];
      return type === undefined ? {} : { type: type.replace(/\s+/g, "") };
    });
}

/** A statement at the top level of a file of tests. */
export interface Statement {
  /**
   * `assert`; `check`, a function that is given the program's; `test`, one without parameters named `test…`; `call`, of one of
   * the file's own functions; `drop`, what has no use beside a program (its import, a main part); `other`, what tests may need.
   */
  kind: "assert" | "check" | "test" | "call" | "drop" | "other";
  text: string;
  /** Of a function, or the function that is called. */
  name?: string;
  /** Of a call: the name it is given. */
  given?: string;
}

/** The remedy where a file of tests is not what it should be. */
export const FORMS =
  "give asserts at the top level, a function check(candidate) that is called with the function's name, or functions named test_…";

/** What is wrong with a file of tests. */
export const invalid = (reason: string, remedy = FORMS, cause?: unknown) =>
  new CopeError("TASK_INVALID", `the tests: ${reason}`, remedy, cause === undefined ? {} : { cause });

/** A question that is itself the beginning of the function: what stands above the function's head, often nothing. */
interface Head {
  before: string;
}

const BEGINS_AS_CODE =
  /^(?:import[ \t]\w|from[ \t]+\S+[ \t]+import\b|(?:async[ \t]+)?def[ \t]|class[ \t]+\w+[ \t]*[:(]|@\w|#|\w+[ \t]*=)/;

/** The head of the function that a Python task asks to complete; undefined where the question is in prose. */
export function headOf({ question, language, entryPoint }: CodeTask): Head | undefined {
  // Prose that shows an example of code is a question in prose.
  if (language !== "python" || !BEGINS_AS_CODE.test(question)) return undefined;
  const heads = [...question.matchAll(/^(?:async[ \t]+)?def[ \t]+(\w+)[ \t]*\(/gm)];
  const found = heads.findLast(([, name]) => entryPoint === undefined || name === entryPoint);
  return found && { before: question.slice(0, found.index).trim() };
}
