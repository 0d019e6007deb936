import { CopeError } from "../../errors.js";
import { javascriptStatements } from "./javascript-statements.js";
import { pythonStatements } from "./python-statements.js";
import { FORMS, type Statement } from "./statement.js";
import type { Language } from "./task.js";

/** What a file of tests gives a task: fields of `CodeTask`. */
export interface TestsFile {
  tests: string[];
  setup?: string;
  entryPoint?: string;
}

/** Longest file that is read, UTF-16 units. */
const MOST = 500_000;

/**
 * Reads a file of visible tests. Each assert at its top level is a test, and so is each function without parameters named
 * `test…`, and `check(candidate)`, with its call. Everything else there is what the tests need: `setup`. Imports of the
 * program under test and a main part are left out.
 *
 * @param options - `entryPoint`: the function that `check` is given where the file does not call it
 * @throws CopeError `TASK_INVALID`: an empty file, one without a test, a syntax error with its line; `SANDBOX_MISSING`,
 *   `SANDBOX_FAILED`
 */
export async function readTestsFile(
  text: string,
  language: Language = "python",
  { entryPoint, signal }: { entryPoint?: string; signal?: AbortSignal } = {},
): Promise<TestsFile> {
  if (text.trim() === "") throw new CopeError("TASK_INVALID", "the file of tests is empty.", FORMS);
  if (text.length > MOST)
    throw new CopeError("TASK_INVALID", `the file of tests has more than ${MOST} characters.`, "give fewer tests.");
  // A mark of byte order is no part of the text, and line ends are Windows's own.
  const plain = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  const statements = language === "python" ? await pythonStatements(plain, signal) : javascriptStatements(plain);
  const calls = statements.filter(({ kind }) => kind === "call");
  const checked = calls.find(({ name }) => name === "check")?.given ?? entryPoint;
  const tests = statements.flatMap((statement) => testsOf(statement, checked));
  if (tests.length === 0) throw new CopeError("TASK_INVALID", "the file of tests holds no test.", FORMS);

  const own = new Set(statements.flatMap(({ kind, name }) => (kind === "check" || kind === "test" ? [name!] : [])));
  const needed = statements.filter(({ kind, name }) => kind === "other" || (kind === "call" && !own.has(name!)));
  const setup = needed.map((statement) => statement.text).join("\n");
  const name = own.has("check") ? checked : entryPoint;
  return { tests, ...(setup === "" ? {} : { setup }), ...(name === undefined ? {} : { entryPoint: name }) };
}

function testsOf({ kind, text, name }: Statement, checked: string | undefined): string[] {
  if (kind === "assert") return [text];
  if (kind === "test") return [`${text}\n\n${name}()`];
  if (kind !== "check") return [];
  if (checked !== undefined) return [`${text}\n\ncheck(${checked})`];
  throw new CopeError(
    "TASK_INVALID",
    "the file of tests defines check(candidate), and nothing says which function it is given.",
    "end the file with check(NAME), or name the function by --entry-point.",
  );
}
