/*
 * The rules of normalise.ts. They change how an answer is written and never what it says: a rule that needs to know what
 * kind of answer it sees belongs in parse-shape.ts.
 */

/** A pattern and what takes its place. */
export type Rule = readonly [RegExp, string];

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

/** One sign or command for each meaning, in this order. Every pattern is linear on a text of bounded length. */
export const SPELLING: readonly Rule[] = [
  [/\\\\(?:\[[^\]]*\])?/g, ROW_END],
  // Grouped thousands as LaTeX spaces them.
  [/,\\! */g, ","],
  [/\{,\}/g, ","],
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
  [/²/g, "^2"],
  [/³/g, "^3"],
  [/½/g, " 1/2"],
  [/¼/g, " 1/4"],
  [/¾/g, " 3/4"],
  [/√ ?\(([^()]*)\)/g, "\\sqrt{$1}"],
  [/√ ?(\d+|[a-z])/g, "\\sqrt{$1}"],
  [/°|\^ ?\{ ?\\circ ?\}|\\(?:degree|deg)(?![A-Za-z])/g, "^\\circ "],
  // Several commands for one thing.
  [/\\[dtc]frac(?![A-Za-z])/g, "\\frac"],
  [/\*\*/g, "^"],
  [/\\(?:times|ast)(?![A-Za-z])|\*/g, "\\cdot "],
  [/\\div(?![A-Za-z])/g, "/"],
  [/\\le(?:q|qslant)(?![A-Za-z])|<=/g, "\\le "],
  [/\\ge(?:q|qslant)(?![A-Za-z])|>=/g, "\\ge "],
  [/\\lt(?![A-Za-z])/g, "<"],
  [/\\gt(?![A-Za-z])/g, ">"],
  [/\\neq(?![A-Za-z])|!=/g, "\\ne "],
  [/\\[lr]?vert(?![A-Za-z])/g, "|"],
  [/\\lbrace(?![A-Za-z])/g, "\\{"],
  [/\\rbrace(?![A-Za-z])/g, "\\}"],
  [/\\varnothing(?![A-Za-z])/g, "\\emptyset"],
  [/\\langle(?![A-Za-z])/g, "("],
  [/\\rangle(?![A-Za-z])/g, ")"],
  [/\\[lc]?dots(?![A-Za-z])|…|\.{3,}/g, "\\dots "],
  // Words come out in double quotes; a quoted variable or function is none.
  [
    /\\(?:text(?:bf|it|rm|normal|sf)?|[mh]box|math(?:rm|bf|it|sf)|operatorname|bold(?:symbol)?) ?\{([^{}"]*)\}/g,
    ' "$1" ',
  ],
  [/" ?(sin|cos|tan|cot|csc|arcsin|arccos|arctan|log|ln|exp|det|gcd|lcm) ?"/g, "\\$1 "],
  [/" ?([xyzijkn]) ?"/g, " $1 "],
  [/" *([^"]*?) *"/g, ' "$1" '],
  [/"" /g, " "],
  // Commands without their backslash.
  [/(?<![\\A-Za-z])sqrt ?\(([^()]*)\)/g, "\\sqrt{$1}"],
  [/(?<![\\A-Za-z])(sin|cos|tan|cot|csc|log|ln|pi|infty|sqrt|pm)(?![A-Za-z])/g, "\\$1 "],
  [/(?<![\\A-Za-z])infinity(?![A-Za-z])/gi, "\\infty "],
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
  [/([\^_])\{([A-Za-z\d])\}/g, "$1$2"],
  [/^ +| +$/g, ""],
];
