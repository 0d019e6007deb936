import type { Pair } from "./pairs.js";

/**
 * A rule that turns an answer into another form whose label is certain by construction. It works on the text alone:
 * nothing here may use what reads or compares answers.
 */
interface Rewrite {
  name: string;
  same: boolean;
  /** The other form, or `undefined` where the rule does not fit the answer. */
  apply(answer: string): string | undefined;
}

const r = String.raw;
const INTEGER = /^-?\d{1,9}$/;
const FRACTION = /^(-?)\\d?frac\{(\d+)\}\{(\d+)\}$/;
const ROOT = /^(\d+) ?\\sqrt\{?(\d+)\}?$/;
const COMPLEX = /^(\d+) ?([+-]) ?(\d+)i$/;
const PAIR = /^\((-?\d+),(-?\d+)\)$/;
const BASED = /^(\d+)_\{?(\d)\}?$/;
const COLUMN = /^\\begin\{pmatrix\} (.+?) \\\\ (.+?) (\\\\ .+ )?\\end\{pmatrix\}$/;
const UNION = /^(\(.+?\)) \\cup (\(.+?\))$/;
const DEGREES = /^(\d+)\^\\circ$/;
const NAME = /^\\text\{([A-Za-z]{3,})\}$/;
/** One formula without collections, words, labels or marks. */
const PLAIN = /^(?!.*(?:text|mbox|circ|begin|pm\b|infty|cup|[,=_$]|\\\$))[^()[\]]*[a-z\\][^[\]]*$/;

/** Applies `build` to the match, so that rules read as pattern and template. */
const where =
  (pattern: RegExp, build: (...parts: string[]) => string | undefined) =>
  (answer: string): string | undefined => {
    const match = pattern.exec(answer);
    return match ? build(...match.map((part) => part ?? "")) : undefined;
  };

/** Whether a fraction has a finite decimal: its denominator in lowest terms has no prime factor but 2 and 5. */
function finite(top: number, bottom: number): boolean {
  let rest = bottom;
  for (const prime of [2, 5]) while (rest % prime === 0) rest /= prime;
  return top % rest === 0;
}

const equalRules: Omit<Rewrite, "same">[] = [
  { name: "fraction, slash", apply: where(FRACTION, (_, sign, top, bottom) => `${sign}${top}/${bottom}`) },
  {
    name: "fraction, scaled by 3",
    apply: where(FRACTION, (_, sign, top, bottom) => r`${sign}\dfrac{${3 * +top!}}{${3 * +bottom!}}`),
  },
  {
    name: "fraction, decimal",
    apply: where(FRACTION, (_, sign, top, bottom) =>
      finite(+top!, +bottom!) && +bottom! < 1000 ? `${sign}${+top! / +bottom!}` : undefined,
    ),
  },
  { name: "integer, decimal point", apply: where(INTEGER, (n) => `${n}.0`) },
  { name: "integer, doubled over two", apply: where(INTEGER, (n) => r`\frac{${2 * +n!}}{2}`) },
  { name: "integer, unit", apply: where(INTEGER, (n) => r`${n}\text{ cm}`) },
  { name: "integer, percent", apply: where(INTEGER, (n) => r`${n}\%`) },
  { name: "integer, label", apply: where(INTEGER, (n) => `x = ${n}`) },
  {
    name: "integer, thousands",
    apply: where(/^\d{4,9}$/, (n) => n!.replace(/\B(?=(\d{3})+$)/g, ",")),
  },
  { name: "degrees, word", apply: where(DEGREES, (_, n) => r`${n}\text{ degrees}`) },
  { name: "degrees, none", apply: where(DEGREES, (_, n) => n) },
  { name: "pair, spaced", apply: where(PAIR, (_, x, y) => r`\left( ${x},\, ${y} \right)`) },
  { name: "list, reversed", apply: where(/^(-?\d{1,2}), ?(-?\d{1,2})$/, (_, x, y) => `${y}, ${x}`) },
  {
    name: "column, square brackets",
    apply: (answer) => (COLUMN.test(answer) ? answer.replaceAll("pmatrix", "bmatrix") : undefined),
  },
  { name: "root, drawn in", apply: where(ROOT, (_, k, n) => r`\sqrt{${+k! * +k! * +n!}}`) },
  { name: "root, power", apply: where(ROOT, (_, k, n) => r`${k} \cdot ${n}^{1/2}`) },
  { name: "complex, turned", apply: where(COMPLEX, (_, re, sign, im) => `${sign === "-" ? "-" : ""}${im}i + ${re}`) },
  { name: "union, turned", apply: where(UNION, (_, left, right) => r`${right} \cup ${left}`) },
  { name: "base, braces", apply: where(BASED, (_, digits, base) => `${digits}_{${base}}`) },
  { name: "name, plain lower case", apply: where(NAME, (_, name) => name!.toLowerCase()) },
  { name: "formula, doubled over two", apply: where(PLAIN, (f) => r`\frac{2(${f})}{2}`) },
  { name: "formula, one more less one", apply: where(PLAIN, (f) => `1 + (${f}) - 1`) },
  { name: "formula, root of two more and less", apply: where(PLAIN, (f) => r`(${f}) + \sqrt{2} - \sqrt{2}`) },
  { name: "formula, times a sum of squares", apply: where(PLAIN, (f) => r`(${f})(\sin^2 1 + \cos^2 1)`) },
  { name: "formula, boxed", apply: where(PLAIN, (f) => r`\boxed{${f}}`) },
  {
    name: "fraction, product",
    apply: where(FRACTION, (_, sign, top, bottom) => r`${sign}${top} \cdot ${bottom}^{-1}`),
  },
  {
    name: "fraction, plain sum",
    apply: where(FRACTION, (_, sign, top, bottom) => `${sign}(1/${bottom} + ${+top! - 1}/${bottom})`),
  },
  { name: "integer, sum of powers", apply: where(INTEGER, (n) => `2^10 + ${+n! - 1024}`) },
  {
    name: "integer, quotient of factorials",
    apply: where(/^\d{1,2}$/, (n) => (n === "0" ? undefined : r`\frac{${n}!}{${+n! - 1}!}`)),
  },
  { name: "integer, bold", apply: where(INTEGER, (n) => r`\mathbf{${n}}`) },
  { name: "integer, text", apply: where(INTEGER, (n) => r`\text{${n}}`) },
  { name: "integer, sine of a right angle", apply: where(INTEGER, (n) => r`${n} \sin 90^\circ`) },
  { name: "root, decimal exponent", apply: where(ROOT, (_, k, n) => `${k}*${n}^0.5`) },
  { name: "pair, plain", apply: where(PAIR, (_, x, y) => `(${x}.0, ${y})`) },
  {
    name: "column, sum",
    apply: where(/^\\begin\{pmatrix\} (-?\d+) \\\\ (-?\d+) \\end\{pmatrix\}$/, (_, x, y) => {
      const column = (top: number, bottom: number): string => r`\begin{pmatrix} ${top} \\ ${bottom} \end{pmatrix}`;
      return `${column(+x! - 1, +y!)} + ${column(1, 0)}`;
    }),
  },
  { name: "equation, turned", apply: where(/^([^=]+) = ([^=]+)$/, (_, left, right) => `${right} = ${left}`) },
  { name: "dollars, none", apply: where(/^\\\$([\d.]+)$/, (_, n) => n) },
];

const unequalRules: Omit<Rewrite, "same">[] = [
  { name: "integer, next", apply: where(INTEGER, (n) => String(+n! + 1)) },
  { name: "integer, sign", apply: where(INTEGER, (n) => (n === "0" ? undefined : String(-n!))) },
  { name: "integer, next as fraction", apply: where(INTEGER, (n) => r`\frac{${2 * +n! + 1}}{2}`) },
  {
    name: "fraction, inverted",
    apply: where(FRACTION, (_, sign, top, bottom) => (top === bottom ? undefined : r`${sign}\frac{${bottom}}{${top}}`)),
  },
  {
    name: "fraction, next",
    apply: where(FRACTION, (_, sign, top, bottom) => r`${sign}\frac{${+top! + 1}}{${bottom}}`),
  },
  {
    name: "fraction, two decimals",
    apply: where(FRACTION, (_, sign, top, bottom) =>
      // From 10 on two decimals are four digits, which stand for the value.
      finite(+top!, +bottom!) || +top! / +bottom! >= 10 ? undefined : `${sign}${(+top! / +bottom!).toFixed(2)}`,
    ),
  },
  { name: "pair, turned", apply: where(PAIR, (_, x, y) => (x === y ? undefined : `(${y},${x})`)) },
  { name: "pair, as set", apply: where(PAIR, (_, x, y) => r`\{${x},${y}\}`) },
  { name: "interval, closed", apply: where(/^\((-?\d+), ?\\infty\)$/, (_, low) => r`[${low}, \infty)`) },
  { name: "root, next", apply: where(ROOT, (_, k, n) => r`${k}\sqrt{${+n! + 1}}`) },
  {
    name: "complex, conjugate",
    apply: where(COMPLEX, (_, re, sign, im) => `${re} ${sign === "-" ? "+" : "-"} ${im}i`),
  },
  {
    name: "column, first two rows turned",
    apply: where(COLUMN, (_, x, y, rest) =>
      x === y ? undefined : r`\begin{pmatrix} ${y} \\ ${x} ${rest}\end{pmatrix}`,
    ),
  },
  { name: "union, half", apply: where(UNION, (_, left) => left) },
  { name: "base, next", apply: where(BASED, (_, digits, base) => `${digits}_{${+base! + 1}}`) },
  { name: "base, none", apply: where(BASED, (_, digits) => digits) },
  { name: "degrees, next", apply: where(DEGREES, (_, n) => r`${+n! + 1}^\circ`) },
  { name: "name, another", apply: where(NAME, (_, name) => r`\text{${[...name!].toReversed().join("")}}`) },
  { name: "formula, one more", apply: where(PLAIN, (f) => `(${f}) + 1`) },
  { name: "formula, a little more", apply: where(PLAIN, (f) => r`(${f}) + 10^{-30}`) },
  { name: "formula, half", apply: where(PLAIN, (f) => r`\frac{${f}}{2}`) },
  { name: "integer, last digit of a power", apply: where(INTEGER, (n) => `2^10 + ${+n! - 1023}`) },
  { name: "integer, sine of ninety", apply: where(/^-?[1-9]\d*$/, (n) => r`${n} \sin 90`) },
  { name: "integer, text of another", apply: where(INTEGER, (n) => r`\text{${+n! + 10}}`) },
  { name: "integer, tiny bit more", apply: where(INTEGER, (n) => r`${n} + 2^{-200}`) },
  { name: "pair, one more", apply: where(PAIR, (_, x, y) => `(${x}, ${+y! + 1})`) },
  { name: "fraction, one below", apply: where(FRACTION, (_, sign, top, bottom) => `${sign}${top}/${+bottom! + 1}`) },
  { name: "formula, negative", apply: where(PLAIN, (f) => `-(${f})`) },
  { name: "equation, one more", apply: where(/^([^=]+) = ([^=]+)$/, (_, left, right) => `${left} = ${right} + 1`) },
];

export const rewrites: readonly Rewrite[] = [
  ...equalRules.map((rule) => ({ ...rule, same: true })),
  ...unequalRules.map((rule) => ({ ...rule, same: false })),
];

/**
 * Pairs of an answer and its other form: for every rule, up to `perRule` distinct answers spread over the whole list, so
 * that the choice depends on the data alone.
 */
export function rewrittenPairs(answers: readonly string[], perRule = 4): Pair[] {
  const distinct = [...new Set(answers)];
  return rewrites.flatMap(({ name, same, apply }) => {
    const fitting = distinct.flatMap((a) => {
      const b = apply(a);
      return b === undefined || b === a ? [] : [{ a, b, same, kind: name }];
    });
    const step = Math.max(1, fitting.length / perRule);
    return Array.from({ length: Math.min(perRule, fitting.length) }, (_, i) => fitting[Math.floor(i * step)]!);
  });
}

/**
 * Pairs by all rules, half of them the same, drawn by a seed: rule after rule in turn, each with another answer, so that
 * no rule outweighs the others more than the data make it.
 */
export function drawnPairs(answers: readonly string[], count: number, seed: number): Pair[] {
  let state = seed + 1;
  const random = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  const distinct = [...new Set(answers)];
  return [true, false].flatMap((same) => {
    const queues = rewrites
      .filter((rule) => rule.same === same)
      .map(({ name, apply }) =>
        distinct
          .flatMap((a) => {
            const b = apply(a);
            return b === undefined || b === a ? [] : [{ pair: { a, b, same, kind: name }, order: random() }];
          })
          .toSorted((x, y) => x.order - y.order)
          .map(({ pair }) => pair),
      );
    const drawn: Pair[] = [];
    while (drawn.length < count / 2 && queues.some((queue) => queue.length > 0)) {
      for (const queue of queues) if (queue.length > 0 && drawn.length < count / 2) drawn.push(queue.pop()!);
    }
    return drawn;
  });
}
