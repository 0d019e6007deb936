import { SPACING, SPELLING, type Rule } from "./spelling.js";

/** Answers longer than this, in characters, are not read and not compared. */
export const MAX_ANSWER = 400;

/** Applies the rules one after the other. */
const apply = (text: string, rules: readonly Rule[]): string =>
  rules.reduce((done, [pattern, replacement]) => done.replace(pattern, replacement as string), text);

/** Dollar signs in pairs delimit mathematics; a single one is a currency. */
function dropMathDelimiters(text: string): string {
  const bare = text.replace(/\$\$/g, " ");
  const count = bare.match(/(?<!\\)\$/g)?.length ?? 0;
  return count % 2 === 0 ? bare.replace(/(?<!\\)\$/g, " ") : bare;
}

/** Position of the brace that closes the one at `open`; -1 when there is none. */
export function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    const char = text[i];
    if (char === "\\") i++;
    else if (char === "{") depth++;
    else if (char === "}" && --depth === 0) return i;
  }
  return -1;
}

/** One character or command, as TeX takes an argument without braces. */
const ARGUMENT = /^ ?(\d|[A-Za-z]|\\[A-Za-z]+)/;

/** Gives `\frac12`, `\frac{1}2` and `\sqrt2` their braces. */
function completeArguments(text: string): string {
  let done = text.replace(/(\\(?:frac|binom|sqrt(?: ?\[[^\]]*\])?)) ?(\d|(?<= )[A-Za-z]|\\[A-Za-z]+)/g, "$1{$2}");
  // From the last to the first, so that positions found stay valid.
  for (let at = done.length; (at = at > 0 ? done.lastIndexOf("{", at - 1) : -1) >= 0;) {
    if (!/\\(?:frac|binom) ?$/.test(done.slice(Math.max(0, at - 7), at))) continue;
    const close = closingBrace(done, at);
    const argument = close < 0 ? null : ARGUMENT.exec(done.slice(close + 1, close + 40));
    if (argument) done = `${done.slice(0, close + 1)}{${argument[1]}}${done.slice(close + 1 + argument[0].length)}`;
  }
  return done;
}

/** Takes away braces, or parentheses around a single letter or quoted word, that hold the whole text. */
function unwrap(text: string): string {
  let done = text;
  while (done.startsWith("{") && closingBrace(done, 0) === done.length - 1) done = done.slice(1, -1).trim();
  return (
    done
      .replace(/^\(?([A-Z]|"[^"]*")\)$/, "$1")
      .replace(/^" ?\(?([A-Z])[).]? ?"$/, "$1")
      // A choice with what it says: `\textbf{(B)}\ 12`.
      .replace(/^" ?\(([A-J])\)[.:]? ?" ?(?=\S).*$/s, "$1")
      .replace(/^\(?([A-J])\)[.:]? ?(?=\d|\\(?:frac|sqrt|\$)).*$/s, "$1")
      .replace(/^[A-J](?:(?: ?, ?| and |, and )[A-J])+$/, (choices) => choices.replace(/,? and | ?, ?/g, ","))
  );
}

/** Thousands separated by commas without a space, and not part of a longer run. */
const GROUPED = /(?<![\d.,])\d{1,3}(?:,\d{3})+(?!\d|,\d)/g;
/** Thousands separated by spaces, which separate nothing else. */
const SPACED = /(?<![\d.,/] ?)[1-9]\d{0,2}(?: \d{3})+(?! ?\d|\/)/g;

/** `1,250` is a number at the top level; inside a tuple, set or interval the comma separates. */
const joinThousands = (text: string): string => {
  const spaced = text.replace(SPACED, (number) => number.replaceAll(" ", ""));
  return /[([]|\\\{/.test(spaced) ? spaced : spaced.replace(GROUPED, (number) => number.replaceAll(",", ""));
};

/**
 * The normal form of an answer: one spelling for what only looks different. Two answers with the same normal form are
 * the same; the reverse need not hold.
 * @param answer - at most `MAX_ANSWER` characters; what is beyond is not looked at.
 * @returns LaTeX-like text; words stand in double quotes, ends of matrix rows are `ROW_END`.
 */
export function normalise(answer: string): string {
  const bold = answer
    .slice(0, MAX_ANSWER)
    .trim()
    .replace(/^\*\*(.*)\*\*$/s, "$1");
  const spelt = apply(dropMathDelimiters(bold), SPELLING);
  const grouped = joinThousands(spelt.trim().replace(/[.,;:\s]+$/, ""));
  const spaced = apply(completeArguments(grouped), SPACING);
  return unwrap(
    spaced
      .replace(/^(?:[=:]|\\approx|~|(?:about|approximately|approx\.?|roughly|nearly) )+/i, "")
      .trim()
      .replace(/^\+(?=\S)/, ""),
  );
}
