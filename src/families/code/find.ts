import { definedNames, entryPointOf } from "./definitions.js";
import { fencesOf, mayBe } from "./fences.js";
import { headOf } from "./head.js";
import { withNeeded } from "./needed.js";
import { namesOf } from "./python-names.js";
import { pythonParts } from "./python-parts.js";
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
export function findProgram(given: string, task: CodeTask, cut = false): Found | undefined {
  if (given.length > MAX_TEXT) return undefined;
  const { text, isEnded } = plainLines(given);
  const { fences, outside } = fencesOf(text, cut && !isEnded);
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

/** Marks by which templates end a text or a turn. Some servers leave them in it, and what follows them is no answer. */
const END =
  /(?:<\|(?:end_?of_?text|im_end|eot_id|end|eom_id|return|end_of_turn)\|>|<｜end▁of▁sentence｜>|<end_of_turn>|<\/s>|<eos>)[ \t]*(?:\n|$)/;

/** A text up to its mark of the end, if it has one, with plain line ends and indents. */
function plainLines(text: string): { text: string; isEnded: boolean } {
  const plain = text.replace(/\r\n?/g, "\n").replace(/[\uFEFF\u200B]/g, "");
  const end = END.exec(plain)?.index;
  const kept = plain.slice(0, end).replace(/^[ \t]*\u00A0[ \t\u00A0]*/gm, (indent) => indent.replaceAll("\u00A0", " "));
  return { text: kept, isEnded: end !== undefined };
}

/** The last block that defines the task's function, else the last that defines one. */
function whole(blocks: readonly string[], task: CodeTask): string | undefined {
  const named = entryPointOf(task);
  const defines = blocks.map((code) => ({ code, names: definedNames(code, task.language) }));
  const best =
    defines.findLast(({ names }) => named !== undefined && names.includes(named)) ??
    defines.findLast(({ names }) => names.length > 0);
  if (!best) return undefined;
  // Helpers may stand in blocks of their own, and need others in turn; so may imports and constants, in blocks above.
  const used = [best];
  for (const { code: user } of used) {
    for (const block of defines) {
      const names =
        block.names.length > 0 ? block.names : isAbove(block, best, defines) ? boundIn(block.code, task) : [];
      const isNew = (name: string) => !best.names.includes(name);
      if (!used.includes(block) && block.code !== best.code && names.some((name) => isNew(name) && isNamed(name, user)))
        used.push(block);
    }
  }
  return [
    ...new Set([...defines.filter((block) => block !== best && used.includes(block)), best].map(({ code }) => code)),
  ].join("\n\n");
}

interface Block {
  code: string;
  names: string[];
}

const isAbove = (block: Block, best: Block, all: readonly Block[]): boolean => all.indexOf(block) < all.indexOf(best);

/** The names that a Python block without functions gives: imports and constants. */
function boundIn(code: string, { language }: CodeTask): string[] {
  if (language !== "python" || /\binput\s*\(/.test(code)) return [];
  return pythonParts(code).flatMap((part) =>
    /^(?:import|from|\w+\s*(?::[^=]+)?=)/.test(part.lines[0]!) ? [...namesOf(part).binds] : [],
  );
}

const isNamed = (name: string, code: string): boolean => new RegExp(`(?<![\\w.$])${escaped(name)}\\b`).test(code);

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
