import { definedNames, entryPointOf } from "./definitions.js";
import { fencesOf, mayBe } from "./fences.js";
import { headOf } from "./head.js";
import { withNeeded } from "./needed.js";
import type { CodeTask } from "./task.js";

/** A program found in a text, not tried yet. */
export interface Found {
  program: string;
  /** `fence`: a fenced block. `text`: code without a fence. `body`: the lines below the head that the question gave. */
  by: "fence" | "text" | "body";
}

/** Longest text that is looked at, and longest program, UTF-16 units. Models write a hundredth of it. */
export const MAX_TEXT = 1_000_000;
export const MAX_PROGRAM = 100_000;

/**
 * Finds the program in a model's text: the last fenced block that defines the task's function, else the last that defines
 * any, else the same of the code that stands without a fence, else the body of the function whose head the question is.
 * Pure, and in time linear in the text.
 *
 * @param cut - the token limit ended the text: a statement that it may have broken off is no part of the program
 */
export function findProgram(text: string, task: CodeTask, cut = false): Found | undefined {
  if (text.length > MAX_TEXT) return undefined;
  const { fences, outside } = fencesOf(text, cut);
  const blocks = fences.filter((fence) => mayBe(fence, task.language)).map(({ code }) => dedented(code));
  const fenced = whole(blocks, task);
  if (fenced !== undefined) return checked({ program: fenced, by: "fence" }, task);
  const bare = fences.length === 0 || blocks.length === 0 ? whole([codeLines(outside)], task) : undefined;
  if (bare !== undefined) return checked({ program: bare, by: "text" }, task);
  const body = bodyOf(
    fences.length > 0 ? fences.findLast((fence) => mayBe(fence, task.language))?.code : outside,
    task,
  );
  return body === undefined ? undefined : checked({ program: body, by: "body" }, task);
}

/** The last block that defines the task's function, else the last that defines one. */
function whole(blocks: readonly string[], task: CodeTask): string | undefined {
  const named = entryPointOf(task);
  const defines = blocks.map((code) => ({ code, names: definedNames(code, task.language) }));
  const best =
    defines.findLast(({ names }) => named !== undefined && names.includes(named)) ??
    defines.findLast(({ names }) => names.length > 0);
  if (!best) return undefined;
  // Helpers may stand in blocks of their own.
  const helpers = defines.filter(
    ({ code, names }) =>
      code !== best.code &&
      names.some((name) => !best.names.includes(name) && new RegExp(`(?<![\\w.$])${escaped(name)}\\b`).test(best.code)),
  );
  return [...new Set(helpers.map(({ code }) => code)), best.code].join("\n\n");
}

const escaped = (name: string): string => name.replaceAll("$", "\\$");

function checked({ program, by }: Found, task: CodeTask): Found | undefined {
  if (program.length > MAX_PROGRAM) return undefined;
  const runnable = withNeeded(program, task);
  return runnable.length > MAX_PROGRAM ? undefined : { program: runnable, by };
}

/** Code may be indented as a whole, as in a list. */
function dedented(code: string): string {
  const lines = code.split("\n").map((line) => line.trimEnd());
  const indents = lines.flatMap((line) => (line === "" ? [] : [/^[ \t]*/.exec(line)![0].length]));
  const least = indents.reduce((a, b) => Math.min(a, b), Infinity);
  return trimmedLines(lines.map((line) => line.slice(Number.isFinite(least) ? least : 0)));
}

const trimmedLines = (lines: readonly string[]): string =>
  lines
    .join("\n")
    .replace(/^(?:[ \t]*\n)+/, "")
    .trimEnd();

/** Of a text without fences, from its first line of code to its last: the longest run of lines that look like code. */
function codeLines(text: string): string {
  const runs: string[][] = [[]];
  for (const line of text.split("\n")) {
    if (looksLikeCode(line)) runs.at(-1)!.push(line);
    else if (runs.at(-1)!.length > 0) runs.push([]);
  }
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best));
  return trimmedLines(longest);
}

/** Blank, indented, or begun as statements of either language begin. */
const CODE =
  /^(?:\s|$|[@#)\]}]|"""|'''|\/\/|\/\*|(?:async|await|break|class|const|continue|def|del|elif|else|except|export|finally|for|from|function|global|if|import|let|nonlocal|pass|raise|return|throw|try|var|while|with|yield)\b.*[:;,({[=\])}\w"'\\]\s*$|[\w$.[\]'"]+\s*(?:[-+*/%|&^]?=|\())/;

/** By its beginning, where it is long: matching stays linear. */
const looksLikeCode = (line: string): boolean => CODE.test(line.slice(0, 500));

/** The lines of a body below the head that the question gave. */
function bodyOf(code: string | undefined, task: CodeTask): string | undefined {
  if (code === undefined || !headOf(task)) return undefined;
  const lines = code
    .replace(/^(?:[ \t]*\n)+/, "")
    .trimEnd()
    .split("\n");
  const [first = "", ...rest] = lines;
  if (first === "" || !lines.every(looksLikeCode)) return undefined;
  const indented = (line: string) => line === "" || /^[ \t]/.test(line);
  const further = rest.every(indented);
  // A first line without the indent of the others was cut from them, unless it opens a block itself.
  const only = further && !indented(first) && rest.length > 0 && !/:\s*$/.test(first);
  const below =
    indented(first) && further ? lines : only ? [`    ${first}`, ...rest] : lines.map((line) => line && `    ${line}`);
  return `${task.question.trimEnd()}\n${below.join("\n")}`;
}
