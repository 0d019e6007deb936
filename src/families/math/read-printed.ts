import { MAX_ANSWER } from "./normalise.js";
import { readMath } from "./read.js";
import { tidyAnswer } from "./tidy.js";

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
