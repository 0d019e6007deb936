import { tidyAnswer } from "./tidy.js";

/** Grouped thousands, plain digits, decimals. Runs are bounded, so that matching stays linear. */
const DIGITS = String.raw`(?:\d{1,3}(?:,\d{3}){1,12}(?!\d)|\d{1,60})(?:\.\d{1,60})?(?!\d)|\.\d{1,60}(?!\d)`;
/** A minus is a sign where nothing stands before it that it could be taken from: `to -5`, not `10-7` or `3 - 5`. */
const SIGN = String.raw`(?<!\w|[\d)\]}] )(?<![)\]}])[-−](?=[\\$€£.\d])`;

/**
 * A number as people write it. By its parts: not inside a name or power; sign and currency in either order; digits; a
 * slash or mixed fraction (`3/4`, `1 1/2`); a power of ten (`3 x 10^8`, `2e5`); a scale word; percent.
 */
const NUMBER = new RegExp(
  String.raw`(?<![A-Za-z\d_^.]|\d,)(?:${SIGN})?(?:\\?[$€£] ?)?(?:(?<=[$€£] ?)-)?(?:${DIGITS})` +
    String.raw`(?: \d{1,9}\/\d{1,9}(?![\d/])| ?\/ ?\d{1,20}(?![\d/.]))?` +
    String.raw`(?: ?(?:×|\\times|\*|x) ?10\^\{?-?\d{1,3}\}?|e[+-]?\d{1,3}(?!\w))?` +
    String.raw`(?: (?:dozen|hundred|thousand|million|billion|trillion)(?![a-z]))?(?: ?\\?%| percent)?`,
  "g",
);

/**
 * A run between math delimiters, of bounded length: `$$…$$`, `$…$`, `\(…\)`, `\[…\]`. A dollar span must not look like two
 * prices, as in `$5 and $3`: what ends in a space, and did not begin with one, is none.
 */
const SPAN =
  /\$\$([^$]{1,800})\$\$|\$((?! )[^$\n]{0,400}[^$\s\\]|[^$\n]{1,400}(?<=^ .*))\$|\\\(((?:(?!\\\)).){1,800})\\\)|\\\[((?:(?!\\\]).){1,800})\\\]/gs;

/** A span of mathematics in a text. */
export interface Span {
  start: number;
  end: number;
  inside: string;
}

/** Commands and the words inside `\text{}` are no words of the sentence. */
const hasWords = (text: string): boolean =>
  /(?<!\\)\b[A-Za-z]{3,}/.test(text.replace(/\\(?:text|mbox|mathrm) ?\{[^{}]*\}|\\[A-Za-z]+/g, " "));

/** All spans of mathematics, in order. */
export function findSpans(text: string): Span[] {
  return [...text.matchAll(SPAN)].flatMap((match) => {
    const inside = match[1] ?? match[2] ?? match[3] ?? match[4] ?? "";
    return hasWords(inside) ? [] : [{ start: match.index, end: match.index + match[0].length, inside }];
  });
}

/** The right side of the last equals sign; the whole formula where there is none. */
export const rightSide = (formula: string): string => formula.slice(formula.lastIndexOf("=") + 1);

/** A number with its place. */
interface FoundNumber {
  at: number;
  value: string;
  /** Whether a variable follows: the number is a coefficient, as in `7x`. */
  coefficient: boolean;
}

/** All numbers of a text with their places, in order, but no list numbers and no numbers of steps. */
export function findNumbers(text: string): FoundNumber[] {
  return [...text.matchAll(NUMBER)].flatMap((match) => {
    const line = text.slice(text.lastIndexOf("\n", match.index - 1) + 1, match.index);
    const next = text.slice(match.index + match[0].length, match.index + match[0].length + 2);
    const isListNumber = /^[\s*#>-]*$/.test(line) && /^[.):]\s/.test(next);
    return isListNumber || /\bstep\s*#?$/i.test(line)
      ? []
      : [{ at: match.index, value: match[0], coefficient: /^[a-z](?![a-z])/.test(next) }];
  });
}

/**
 * The last number of a text; where it belongs to a formula, the right side of that formula.
 * @param text - a text of bounded length.
 */
export function readLastNumber(text: string): string | undefined {
  const number = findNumbers(text).at(-1);
  // Only the last formula can hold the last number.
  const span = findSpans(text).at(-1);
  // A closing formula without any number, such as `x = \pi`, counts too.
  if (span && (!number || number.at < span.end)) {
    const formula = tidyAnswer(rightSide(span.inside));
    if (formula && (!number || number.at >= span.start || /\\(?:pi|infty)/.test(formula))) return formula;
  }
  if (!number) return;
  // A formula without delimiters: what follows the last word or equals sign, if it is more than the number.
  const lineStart = text.lastIndexOf("\n", number.at) + 1;
  const line = text.slice(lineStart).split("\n")[0]!;
  const tail = rightSide(line.split(/(?<![\\A-Za-z{])[A-Za-z]{2,}(?![A-Za-z])/).at(-1)!);
  const formula =
    (number.coefficient || /\\[a-z]{2,}/.test(tail)) && line.length < 2_000
      ? tidyAnswer(tail.replace(/\$/g, ""))
      : undefined;
  return formula ?? (number.coefficient ? undefined : tidyAnswer(number.value));
}
