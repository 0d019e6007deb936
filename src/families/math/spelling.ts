/*
 * The rules of normalise.ts. They change how an answer is written and never what it says: a rule that needs to know what
 * kind of answer it sees belongs in parse-shape.ts.
 */

/** A pattern and what takes its place. */
export type Rule = readonly [RegExp, string | ((...found: string[]) => string)];

/** Raised digits as people type them. */
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ";
const LEVEL = "0123456789+-n";
const LOWERED = "₀₁₂₃₄₅₆₇₈₉";
const level = (text: string, from: string): string => [...text].map((char) => LEVEL[from.indexOf(char)]!).join("");

/** Fractions that have a sign of their own. */
const VULGAR: Record<string, string> = {
  "½": "1/2",
  "⅓": "1/3",
  "⅔": "2/3",
  "¼": "1/4",
  "¾": "3/4",
  "⅕": "1/5",
  "⅖": "2/5",
  "⅗": "3/5",
  "⅘": "4/5",
  "⅙": "1/6",
  "⅚": "5/6",
  "⅛": "1/8",
  "⅜": "3/8",
  "⅝": "5/8",
  "⅞": "7/8",
};

/** Functions that may be written without their backslash or in `\\mathrm{}`; longer names first. */
const FUNCTION =
  "arcsinh|arccosh|arctanh|arcsin|arccos|arctan|arccot|sinh|cosh|tanh|coth|sin|cos|tan|cot|sec|csc|exp|log|ln|lg|det|gcd|lcm|max|min|abs|floor|ceil";

/** Stands for `\\`, the end of a matrix row, so that `\\[` is not mistaken for the start of a display. */
export const ROW_END = "¶";

/** Words that multiply the number before them. */
const SCALES = {
  dozen: "12",
  hundred: "10^2",
  thousand: "10^3",
  million: "10^6",
  billion: "10^9",
  trillion: "10^{12}",
};

/** What stood in `\\text{}` or in another font: in quotes, unless it is a variable, function, number, formula or choice. */
function quoted(inside: string): string {
  if (new RegExp(`^\\\\?(?:${FUNCTION})$`).test(inside)) return `\\${inside.replace("\\", "")} `;
  const isFormula =
    /^[xyzijkne]$|^[^A-Za-z]*$/.test(inside) ||
    /^[A-Z](?:(?: ?, ?| and |, and )[A-Z])+$/.test(inside) ||
    (/[\d=+^]/.test(inside) && !/[A-Za-z]{2}|\d [a-z]$/.test(inside));
  if (isFormula) return ` ${inside} `;
  // A number with its unit, or with what was counted.
  const counted = /^(-?[\d.,/]+) +(\D*[A-Za-z]\D*)$/.exec(inside);
  return counted ? ` ${counted[1]} "${counted[2]}" ` : ` "${inside}" `;
}

/** One sign or command for each meaning, in this order. Every pattern is linear on a text of bounded length. */
export const SPELLING: readonly Rule[] = [
  // Backslashes doubled by JSON: before a command they end no row.
  [
    /(?<!\\)\\\\(?=(?:frac|[dt]frac|sqrt|text|pi|cdot|times|left|right|begin|end|infty|cup|pm|boxed|circ|theta)(?![a-z]))/g,
    "\\",
  ],
  [/\\\\(?:\[[^\]]*\])?/g, ROW_END],
  // Grouped thousands as LaTeX spaces them.
  [/,\\! */g, ","],
  [/ ?\{,\} ?/g, ","],
  [/(?<=\d)'(?=\d{3}(?!\d))|(?<=\d)_(?=\d{3}(?:_|\b))/g, ","],
  // Delimiters, sizes and spaces carry no meaning.
  [/\\(?:left|right|[bB]igg?[lr]?|displaystyle|textstyle|limits)(?![A-Za-z])\.?/g, ""],
  [/\\[[\]()]/g, " "],
  [/\\[,!;:> ]|\\q?quad(?![A-Za-z])|[~\s]+/g, " "],
  // Signs beyond ASCII.
  [/[−–—]/g, "-"],
  [/[×·∙⋅]/g, "\\cdot "],
  [/(\d) ?x ?(?=10\^)/g, "$1\\cdot "],
  [/÷/g, "/"],
  [/π/g, "\\pi "],
  [/θ/g, "\\theta "],
  [/∞/g, "\\infty "],
  [/[≤⩽]/g, "\\le "],
  [/[≥⩾]/g, "\\ge "],
  [/≠/g, "\\ne "],
  [/[≈≃]/g, "\\approx "],
  [/±/g, "\\pm "],
  [/∪/g, "\\cup "],
  [/∈/g, "\\in "],
  [/∅/g, "\\emptyset "],
  [/ℝ/g, "\\mathbb{R}"],
  [/[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ]+/g, (raised) => `^{${level(raised!, RAISED)}}`],
  [/[₀₁₂₃₄₅₆₇₈₉]+/g, (lowered) => `_{${level(lowered!, LOWERED)}}`],
  [/[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞]/g, (vulgar) => ` ${VULGAR[vulgar!]}`],
  [/⁄/g, "/"],
  [/[（]/g, "("],
  [/[）]/g, ")"],
  [/[，、]/g, ", "],
  [/√ ?\(([^()]*)\)/g, "\\sqrt{$1}"],
  [/√ ?(\d+|[a-z])/g, "\\sqrt{$1}"],
  [/°|\^ ?\{ ?\\circ ?\}|\\(?:degree|deg)(?![A-Za-z])/g, "^\\circ "],
  // Several commands for one thing.
  [/\\f?box(?:ed)?(?![A-Za-z])/g, ""],
  [/\\(?:[dtc]|nice|s)frac(?![A-Za-z])/g, "\\frac"],
  [/\{([^{}]*)\\over(?![A-Za-z])([^{}]*)\}/g, "\\frac{$1}{$2}"],
  [/\{([^{}]*)\\choose(?![A-Za-z])([^{}]*)\}/g, "\\binom{$1}{$2}"],
  [/\\[dt]binom(?![A-Za-z])/g, "\\binom"],
  [/\\h(?:space|skip)\*?\{[^{}]*\}/g, " "],
  [/\^ ?\{? ?\\prime ?\}?/g, "'"],
  [/\\(?:bullet|star)(?![A-Za-z])/g, "\\cdot "],
  [/\*\*/g, "^"],
  [/\\(?:times|ast)(?![A-Za-z])|\*/g, "\\cdot "],
  [/\\div(?![A-Za-z])/g, "/"],
  [/\\le(?:q|qslant)(?![A-Za-z])|<=/g, "\\le "],
  [/\\ge(?:q|qslant)(?![A-Za-z])|>=/g, "\\ge "],
  [/\\lt(?![A-Za-z])/g, "<"],
  [/\\gt(?![A-Za-z])/g, ">"],
  [/\\neq(?![A-Za-z])|!=(?!=)|\\not ?=/g, "\\ne "],
  [/\\[lr]?vert(?![A-Za-z])/g, "|"],
  [/\\lbrace(?![A-Za-z])/g, "\\{"],
  [/\\rbrace(?![A-Za-z])/g, "\\}"],
  [/\\varnothing(?![A-Za-z])/g, "\\emptyset"],
  [/\\langle(?![A-Za-z])/g, "("],
  [/\\rangle(?![A-Za-z])/g, ")"],
  [/\\[lc]?dots(?![A-Za-z])|…|\.{3,}/g, "\\dots "],
  // Words come out in double quotes.
  [
    /\\(?:text(?:bf|it|rm|normal|sf|tt)?|[mh]box|math(?:rm|bf|it|sf|tt)|operatorname|bold(?:symbol)?|bm|pmb) ?\{([^{}"]*)\}/g,
    (_, inside) => quoted(inside!.trim()),
  ],
  [/(\\(?:sin|cos|tan|cot|sec|csc) ?\(?[\d.]+) *(?:" *degrees? *"|degrees?\b)/g, "$1^\\circ "],
  [/" *"(?= )/g, ' " '],
  [/"" /g, " "],
  // A unit behind a number is no function.
  [/(\d) ?(min|sec)(?=\.?(?: *$|[,;]| and | \d))/g, '$1 "$2"'],
  // Commands without their backslash.
  [/(?<![\\A-Za-z])sqrt ?\(([^()]*)\)/g, "\\sqrt{$1}"],
  [/(?<![\\A-Za-z])cbrt ?\(([^()]*)\)/g, "\\sqrt[3]{$1}"],
  [/(?<![\\A-Za-z])sqrt ?(\d+(?:\.\d+)?)/g, "\\sqrt{$1}"],
  [/(?<![\\A-Za-z])a(sin|cos|tan)(?=h? ?\()/g, "\\arc$1"],
  [/(?<![\\A-Za-z])log(2|10)(?= ?\()/g, "\\log_{$1} "],
  [new RegExp(`(?<![\\\\A-Za-z])(${FUNCTION})(?![A-Za-z])(?! *")`, "g"), "\\$1 "],
  [/(?<![\\A-Za-z])(pi|infty|sqrt|pm(?! *(?:$|[.,;)])))(?![A-Za-z])/g, "\\$1 "],
  [/(?<![\\A-Za-z])(?:infinity|oo)(?![A-Za-z])/gi, "\\infty "],
  // `0.1666…` repeats its last digit.
  [/(\.\d*?)(\d)\2{2,} ?\\dots *$/g, "$1\\overline{$2}"],
  [/(\d) ?\\dots *$/g, "$1"],
  // "5 million" is a number, not 5 of something; what else the quotes hold stays in them.
  ...Object.entries(SCALES).flatMap(([word, factor]): Rule[] => [
    [new RegExp(`(\\d|\\}) *${word}s?(?![a-z])`, "gi"), `$1\\cdot ${factor} `],
    [new RegExp(`(\\d|\\}) *"${word}s? ?([^"]*)"`, "gi"), `$1\\cdot ${factor} "$2"`],
  ]),
  [/""/g, ""],
];

/** Drops the spaces that TeX would drop; those between a number and a word, or inside a mixed number, stay. */
export const SPACING: readonly Rule[] = [
  [/ +/g, " "],
  [/ ?([-+/^_=<>|,&:¶]) ?/g, "$1"],
  [/ (?=[)\]}!([{\\])/g, ""],
  [/([([{]) /g, "$1"],
  [/([)\]}!]) (?![A-Za-z"])/g, "$1"],
  [/(\\[A-Za-z]+) (?![A-Za-z])/g, "$1"],
  [/(\d) (?=[A-Za-z](?![A-Za-z.]))/g, "$1"],
  // One character needs no braces as an exponent or index.
  [/([\^_])\{([A-Za-z\d])\}(?!\d)/g, "$1$2"],
  [/^ +| +$/g, ""],
];
