import { z } from "zod";
import type { CodeGold } from "./problem.js";
import { type Format, has, Text, TextOrNumber } from "./format.js";

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

/**
 * Assertions from the examples of a Python function's docstring: `>>> f(1)` with its result on the next line, and
 * `f(1) ==> 2` with `=>`, `➞`, `->`, `=`, `==` or "returns" in its place. Only examples of plain values are taken, since an
 * assertion that cannot run would fail every program.
 *
 * @param text - the function's head with its docstring
 * @returns `assert f(1) == 2` and so on, in order, none twice.
 */
export function docstringTests(text: string, entryPoint: string): string[] {
  const found = [...consoleExamples(text, entryPoint), ...proseExamples(text, entryPoint)];
  return [...new Set(found.toSorted((a, b) => a.at - b.at).map(({ test }) => test))];
}

interface Found {
  at: number;
  test: string;
}

/** As typed into Python's console, the result below. */
function consoleExamples(text: string, entryPoint: string): Found[] {
  return [...text.matchAll(/^[ \t]*>>>[ \t]*(.+)$/gm)].flatMap(({ index, 0: line, 1: shown }) => {
    const call = withoutComment(shown!).trim();
    if (!new RegExp(`\\b${entryPoint}\\(`).test(call)) return [];
    const below = text.slice(index + line.length).replace(/^\r?\n/, "");
    const result = oneLine(/^(?:[ \t]*(?!>>>|"""|''')\S.*(?:\n|$))+/.exec(below)?.[0] ?? "");
    return result !== "" && literalEnd(result, 0) === result.length
      ? [{ at: index, test: asserted(call, result) }]
      : [];
  });
}

/** As written in a sentence, the result behind the call. */
function proseExamples(text: string, entryPoint: string): Found[] {
  return [...text.matchAll(new RegExp(`(?<![\\w.]|def )${entryPoint}(?=\\()`, "g"))].flatMap(({ index, 0: name }) => {
    const close = bracketEnd(text, index + name.length);
    if (close === undefined || !isPlain(text.slice(index + name.length, close))) return [];
    const link = LINK.exec(text.slice(close))?.[0];
    const from = close + (link?.length ?? 0);
    const end = link === undefined ? undefined : literalEnd(text, from);
    if (end === undefined || GOES_ON.test(text.slice(end))) return [];
    return [{ at: index, test: asserted(text.slice(index, close), text.slice(from, end)) }];
  });
}

const LINK = /^[ \t]*(?:#[ \t]*)?(?:==>|=>|➞|->|→|==?|(?:should |will )?returns?)[ \t]*/;
/** A result that goes on as an expression is none. */
const GOES_ON = /^(?:[ \t]*[-+*/%[(]|\w)/;

const oneLine = (text: string) => text.replace(/\s*\n\s*/g, " ").trim();

function asserted(call: string, result: string): string {
  // As other languages write them.
  const value = /^(true|false)$/.test(result) ? result[0]!.toUpperCase() + result.slice(1) : result;
  return `assert ${oneLine(call)} == ${oneLine(value)}`;
}
const STRING = /(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/y;
const WORD = /(?:-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|True|False|None|true|false)(?![\w.]*\w)/y;

/** Where the Python literal that begins at `at` ends; undefined where none does. */
function literalEnd(text: string, at: number): number | undefined {
  const simple = endOf(STRING, text, at) ?? endOf(WORD, text, at);
  if (simple !== undefined) return simple;
  const close = bracketEnd(text, at);
  return close !== undefined && isPlain(text.slice(at, close)) ? close : undefined;
}

/** Where the bracket that opens at `at` is closed, just behind it; brackets in strings do not count. */
function bracketEnd(text: string, at: number): number | undefined {
  const open: string[] = [];
  for (let i = at; i < text.length;) {
    const string = endOf(STRING, text, i);
    if (string !== undefined) {
      i = string;
      continue;
    }
    const char = text[i]!;
    if ("([{".includes(char)) open.push(char);
    else if (")]}".includes(char) && "([{".indexOf(open.pop() ?? " ") !== ")]}".indexOf(char)) return undefined;
    i += 1;
    if (open.length === 0) return i > at + 1 ? i : undefined;
  }
  return undefined;
}

/** Whether a bracketed text holds nothing but plain values. */
function isPlain(text: string): boolean {
  const bare = text.replace(new RegExp(STRING.source, "g"), "0");
  return !/[^\s\d.,:()[\]{}eE+-]/.test(bare.replace(/\b(?:True|False|None)\b/g, "0")) && !/\.\.\./.test(bare);
}

function withoutComment(line: string): string {
  for (let i = 0; i < line.length; i = endOf(STRING, line, i) ?? i + 1) if (line[i] === "#") return line.slice(0, i);
  return line;
}

function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
