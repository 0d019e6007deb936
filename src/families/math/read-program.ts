import { MAX_ANSWER, tidyAnswer } from "./normalise.js";
import { readMath } from "./read.js";

/** A program found in a model's text. */
export interface FoundProgram {
  /** What is run first. */
  program: string;
  /** All fenced programs of the text as one, where there are several: some build on those before them. */
  joined?: string;
  /** The text without its programs. */
  beside: string;
}

/** A line that opens or closes a block. */
const FENCE = /^[ \t]*(`{3,}|~{3,})[ \t]*([\w+-]*)/;
/** What the first line of a block may say; other languages, and what a program is said to print, are no programs. */
const PYTHON = /^(?:py|python3?|)$/i;
const PRINTS = /\bprint[ \t]*\(|^[ \t]*def[ \t]/m;
const COMPUTES = /^[ \t]*(?:import|from|for|while)[ \t]|^[ \t]*[A-Za-z_]\w*[ \t]*=(?!=)/m;
/** How a line begins that can stand in a program outside of a block, at any depth. */
const CODE =
  /^(?:[ \t]+\S|#|(?:import|from|def|for|while|if|else|elif|return)\b|print[ \t]*\(|[A-Za-z_]\w*[ \t]*=(?!=))/;

/**
 * Finds the program in a model's text: the last fenced block that prints or defines a function, else the last that computes
 * at all; a block that is never closed goes on to the end. Without any block, the lines from the first to the last that look
 * like Python, if they print or define something.
 *
 * @param cut - the token limit ended the text: only blocks that are closed hold whole programs
 */
export function findProgram(text: string, cut = false): FoundProgram | { beside: string } {
  const { blocks, beside } = blocksOf(text, cut);
  const programs = blocks.filter(({ tag, code }) => PYTHON.test(tag) && (PRINTS.test(code) || COMPUTES.test(code)));
  const found = programs.findLast(({ code }) => PRINTS.test(code)) ?? programs.at(-1);
  if (found) {
    const joined = programs.map(({ code }) => code).join("\n");
    return { program: found.code, beside, ...(programs.length > 1 ? { joined } : {}) };
  }
  return cut || blocks.length > 0 ? { beside } : unfenced(text);
}

function blocksOf(text: string, cut: boolean) {
  const blocks: { tag: string; code: string }[] = [];
  const beside: string[] = [];
  let open: { mark: string; tag: string; lines: string[] } | undefined;
  const close = () => {
    if (open) blocks.push({ tag: open.tag, code: dedent(open.lines) });
    open = undefined;
  };
  for (const line of text.split(/\r?\n/)) {
    const [, mark, tag] = FENCE.exec(line) ?? [];
    if (!open && mark) open = { mark, tag: tag!, lines: [] };
    else if (!open) beside.push(line);
    else if (mark?.startsWith(open.mark) && tag === "") close();
    else open.lines.push(line);
  }
  if (!cut) close();
  return { blocks, beside: beside.join("\n") };
}

/** Blocks in lists are indented as a whole, which Python minds. */
function dedent(lines: readonly string[]): string {
  const depth = lines.reduce((least, line) => (/\S/.test(line) ? Math.min(least, line.search(/\S/)) : least), Infinity);
  return lines.map((line) => line.slice(depth)).join("\n");
}

function unfenced(text: string): FoundProgram | { beside: string } {
  const lines = text.split(/\r?\n/);
  const first = lines.findIndex((line) => CODE.test(line) && !/^\s/.test(line));
  const last = lines.findLastIndex((line) => CODE.test(line));
  const program = lines.slice(first, last + 1).join("\n");
  if (first < 0 || !PRINTS.test(program)) return { beside: text };
  return { program, beside: [...lines.slice(0, first), ...lines.slice(last + 1)].join("\n") };
}

type Rule = readonly [RegExp, string | ((...found: string[]) => string)];

/** A float as Python prints it; not the end of a number with thousands separators. */
const FLOAT = /(?<![\w.])(?<!\d,(?=\d{3}\.))(?:\d+\.\d*|\.\d+|\d+(?=e[+-]?\d))(?:e[+-]?\d+)?(?![\w.])/gi;

/** Python's spelling to that of answers. */
const SPELLING: readonly Rule[] = [
  [/\bFraction\((-?\d+), (\d+)\)/g, (_, above, below) => (below === "1" ? above! : `${above}/${below}`)],
  [/\bDecimal\('([^']*)'\)/g, "$1"],
  [FLOAT, (float) => rounded(float!)],
  [/(?<![\w.])-?0 ?\+ ?(?=\d+(?:\.\d+)?j\b)/g, ""],
  [/(\d)j\b/g, "$1i"],
  [/^\((.*\di)\)$/, "$1"],
  [/\*\*/g, "^"],
  [/(?<![\\A-Za-z])inf(?![A-Za-z])/g, "\\infty"],
];

/** A matrix as SymPy and NumPy print it, and SymPy's intervals. */
const OBJECTS: readonly Rule[] = [
  [
    /^(?:Immutable)?(?:Dense)?(?:Matrix|array)\(\[(\[.*\])\]\)$/,
    (_, rows) =>
      `\\begin{pmatrix}${rows!
        .slice(1, -1)
        .split(/\],\s*\[/)
        .map((row) => row.replaceAll(",", " &"))
        .join(" \\\\ ")}\\end{pmatrix}`,
  ],
  [/^Interval\(([^(),]+), ([^(),]+)\)$/, "[$1, $2]"],
  [/^Interval\.open\(([^(),]+), ([^(),]+)\)$/, "($1, $2)"],
  [/^Interval\.Lopen\(([^(),]+), ([^(),]+)\)$/, "($1, $2]"],
  [/^Interval\.Ropen\(([^(),]+), ([^(),]+)\)$/, "[$1, $2)"],
];
/** Any other object that prints as a call of its class. */
const OBJECT = /^[A-Z]\w*(?:\.\w+)?\(.*\)$/;
/** Numbers that words keep apart. */
const LISTED = /^-?[\d./]+(?:,? (?:and|or) -?[\d./]+|, ?-?[\d./]+)+$/;

/** Collections whole. A list has no more order than answers that stand side by side; a tuple is a point. */
const COLLECTIONS: readonly Rule[] = [
  [/^(?:set\(\)|\[\]|\{\}|\(\))$/, "\\emptyset"],
  [/^\((.*),\)$/, "$1"],
  [/^\[(.*)\]$/, "$1"],
  [/^\{(.*)\}$/, "\\{$1\\}"],
];

/** Several numbers in one `print`; a whole number and a fraction are a mixed number. */
const SIDE_BY_SIDE = /^(?!-?\d+ \d+\/\d+$)-?[\d./]+(?: +-?[\d./]+)+$/;
/** Words that belong to formulas. */
const FORMULA_WORD = /\\?(?:sqrt|pi|infty|emptyset|times|sin|cos|tan|log|ln|exp)(?![A-Za-z])/g;
/** What a value is called in front of it. */
const LABEL = /^[^:=\d]{1,80}[:=][ \t]*(\S.*)$/;

/**
 * Reads the answer from the last line that a program printed: Python's fractions, floats, tuples, lists and sets, a formula,
 * a sentence, or a few words.
 *
 * Floats are rounded to 12 significant digits, so that `0.30000000000000004` is 0.3 and `12.0` is 12.
 * @returns `undefined` for None, nan, a mapping, an object other than a matrix or an interval, and what is longer than an answer.
 */
export function readPrinted(line: string): string | undefined {
  const printed = line.trim();
  if (printed.length > 2 * MAX_ANSWER || /^(?:None|nan|<.*>|\{[^{}]*:.*\})$/i.test(printed)) return undefined;
  const spelt = apply(SPELLING, /^[([{]/.test(printed) ? printed.replace(/'([^']*)'/g, "$1") : printed);
  const object = apply(OBJECTS, spelt);
  if (object !== spelt || LISTED.test(spelt)) return tidyAnswer(object);
  if (OBJECT.test(spelt)) return undefined;
  if (isFormula(spelt)) return plain(spelt);
  const labelled = LABEL.exec(spelt)?.[1];
  if (labelled !== undefined && isFormula(labelled)) return plain(labelled);
  const isWords = /^[[({]?[\p{L}', -]+[\])}]?$/u.test(spelt) && spelt.split(" ").length <= 5;
  return readMath(spelt)?.value ?? (isWords ? plain(spelt) : undefined);
}

const apply = (rules: readonly Rule[], text: string): string =>
  rules.reduce((done, [pattern, by]) => done.replace(pattern, by as string), text);

const plain = (text: string): string | undefined =>
  tidyAnswer(SIDE_BY_SIDE.test(text) ? text.replace(/ +/g, ", ") : apply(COLLECTIONS, text));

/** Whether no word of a sentence stands in it. */
const isFormula = (text: string): boolean => !/[\p{L}_]{2,}/u.test(text.replace(FORMULA_WORD, ""));

/** What float arithmetic leaves behind the twelfth digit is no part of an answer; a whole float is exact. */
function rounded(float: string): string {
  const exact = Number(float);
  const number = Number.isSafeInteger(exact) ? exact : Number(exact.toPrecision(12));
  if (!Number.isFinite(number)) return float;
  return String(number).replace(/^(.*)e\+?(-?\d+)$/, "$1 \\times 10^{$2}");
}
