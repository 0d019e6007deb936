import { toldNumber } from "./read-clause.js";
import { resultOf, rightSide } from "./read-formula.js";
import { normalise } from "./normalise.js";
import { compareAtOnce } from "./same.js";
import { tidyAnswer } from "./tidy.js";

/** Thousands in every usual spelling, plain digits, decimals. Runs are bounded, so that matching stays linear. */
const DIGITS = String.raw`\d{1,4}(?::\d{1,4}){1,2}(?![\d:])(?: ?[AaPp]\.?[Mm]\b\.?)?|(?:\d{1,3}(?:(?:,|\{,\}|,\\!|\\,|[\u00a0\u202f' ](?=\d{3}(?!\d)))\d{3}){1,12}(?!\d)|\d{1,60})(?:\.\d{1,60}(?:\.{3}|…)?)?(?!\d)|\.\d{1,60}(?!\d)`;
/** A minus is a sign where nothing stands before it that it could be taken from: `to -5`, not `10-7` or `3 - 5`. */
const SIGN = String.raw`(?<!\w|[\d)\]}] )(?<![)\]}])[-−](?=[\\$€£.\d])`;
/** What may stand behind the digits: a slash or mixed fraction (`3/4`, `1 1/2`), a power, a power of ten, a scale word, percent. */
const TAIL =
  String.raw`(?: \d{1,9}\/\d{1,9}(?![\d/])| ?\/ ?\d{1,20}(?![\d/]|\.\d))?` +
  String.raw`(?: ?(?:×|\\times|\\cdot|\*|x) ?10(?:\^\{?[-−]?\d{1,3}\}?|[⁺⁻]?[⁰¹²³⁴-⁹]{1,3})|[eE][+-]?\d{1,3}(?!\w)|\^\d{1,9}(?![\d.]\d))?` +
  String.raw`(?: (?:dozen|hundred|thousand|million|billion|trillion)(?![a-z]))?(?: ?\\?%| percent(?![a-z]))?`;

/** A number as people write it, at the place where one is expected. */
export const NUMBER_START = String.raw`(?:\\?[$€£] ?)?(?:${DIGITS})${TAIL}`;

/** A number as people write it, anywhere in a text, but not inside a name or power. */
const NUMBER = new RegExp(
  String.raw`(?<![A-Za-z\d_^.]|\d,)(?:${SIGN})?(?:\\?[$€£] ?)?(?:(?<=[$€£] ?)-)?(?:${DIGITS})${TAIL}`,
  "g",
);

/**
 * A run between math delimiters, of bounded length: `$$…$$`, `$…$`, `\(…\)`, `\[…\]`. A dollar span must not look like two
 * prices, as in `$5 and $3`: what ends in a space, and did not begin with one, is none. Environments stand for themselves.
 */
const SPAN =
  /(?<!\\)\$\$((?:\\\$|[^$]){1,800})\$\$|(?<!\\)\$((?! )(?:\\\$|[^$\n]){0,400}[^$\s\\]|[ \t](?:\\\$|[^$\n]){1,400})\$|\\\(((?:(?!\\\)).){1,800})\\\)|\\\[((?:(?!\\\]).){1,800})\\\]|(\\begin\{(?:[pbBv]?matrix|cases|aligned|array|align\*?|gathered)\}[^$]{1,800}?\\end\{\w+\*?\})/gs;

/** A span of mathematics in a text. */
export interface Span {
  start: number;
  end: number;
  inside: string;
}

/** Commands and the words inside `\text{}` are no words of the sentence. */
const hasWords = (text: string): boolean =>
  /(?<!\\)\b(?!and\b|sqrt\b|sin\b|cos\b|tan\b|log\b|exp\b)[A-Za-z]{3,}/.test(
    text
      .replace(/\\begin\{[^{}]*\}(?:\{[clr|]*\})?|\\end\{[^{}]*\}/g, " ")
      .replace(/\\(?:text\w*|mbox|math\w*|operatorname|hspace|overline|boldsymbol) ?\{[^{}]*\}|\\[A-Za-z]+/g, " "),
  );

/** All spans of mathematics, in order. */
export function findSpans(text: string): Span[] {
  return [...text.matchAll(SPAN)].flatMap((match) => {
    const inside = match[1] ?? match[2] ?? match[3] ?? match[4] ?? match[5] ?? "";
    return hasWords(inside) ? [] : [{ start: match.index, end: match.index + match[0].length, inside: inside.trim() }];
  });
}

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

/** What keeps two answers apart. */
const JOIN = /^\s*(?:,|;|,?\s*(?:and|or|&)(?:\s+also)?)\s*$/;

/** Formulas in delimiters that only a comma, "and" or "or" keeps apart are one answer. */
export function joinSpans(text: string, spans: readonly Span[]): string {
  let joined = resultOf(spans[0]!.inside);
  for (let i = 1; i < spans.length; i++) {
    if (!JOIN.test(text.slice(spans[i - 1]!.end, spans[i]!.start))) break;
    // "or" may introduce the same value in another form.
    const [one, other] = [spans[i - 1]!.inside, spans[i]!.inside].map(normalise) as [string, string];
    if (compareAtOnce(one, other) !== true) joined += `, ${spans[i]!.inside}`;
  }
  return joined;
}

/** The last formulas of a text as one answer, where they are equations or points side by side. */
function joinedSpans(text: string): string | undefined {
  const spans = findSpans(text);
  let first = spans.length - 1;
  while (first > 0 && JOIN.test(text.slice(spans[first - 1]!.end, spans[first]!.start))) first--;
  const group = spans.slice(first);
  return group.length > 1 &&
    (group.every(({ inside }) => inside.includes("=")) || group.every(({ inside }) => /^\(.*,.*\)$/.test(inside)))
    ? tidyAnswer(joinSpans(text, group))
    : undefined;
}

/**
 * The last number of a text; where it belongs to a formula, the right side of that formula.
 * @param text - a text of bounded length.
 */
export function readLastNumber(text: string): string | undefined {
  const numbers = findNumbers(text);
  const number = numbers.at(-1);
  // Only the last formula can hold the last number.
  const span = findSpans(text).at(-1);
  // A closing formula without any number, such as `x = \pi`, counts too.
  if (span && (!number || number.at < span.end)) {
    const together = joinedSpans(text);
    if (together !== undefined) return together;
    const whole = resultOf(span.inside);
    const formula = tidyAnswer(/^[^=]*=[^=]*$/.test(whole) ? rightSide(whole) : whole);
    if (formula && (!number || number.at >= span.start || /\\(?:pi|infty)/.test(formula))) return formula;
  }
  if (!number) return;
  // A formula without delimiters: what follows the last word or equals sign, if it is more than the number.
  const lineStart = text.lastIndexOf("\n", number.at) + 1;
  const line = text.slice(lineStart).split("\n")[0]!;
  const tail = rightSide(
    line
      .split(/(?<![\\A-Za-z{])(?!and\b|or\b)[A-Za-z]{2,}(?![A-Za-z])/)
      .at(-1)!
      .replace(/^[\s,;:]+/, ""),
  );
  const formula =
    (number.coefficient || /\\[a-z]{2,}|[A-Za-z] ?(?:[<>≤≥≠]|!=)/.test(tail)) && line.length < 2_000
      ? tidyAnswer(tail.replace(/\$/g, ""))
      : undefined;
  if (formula !== undefined || number.coefficient) return formula;
  return tidyAnswer(toldIn(text, numbers).value);
}

/** The number, or what it is a part of, that the sentence around the last number tells. */
function toldIn(text: string, numbers: readonly FoundNumber[]): { at: number; value: string } {
  const last = numbers.at(-1)!;
  const spans = findSpans(text);
  const stops = [...text.slice(0, last.at).matchAll(/[.!?](?=\s)|\n|=/g)];
  const from = (stops.at(-1)?.index ?? -1) + 1;
  const sentence = text.slice(from).split("\n")[0]!;
  const groups = [...sentence.matchAll(GROUP)].map(({ 0: value, index: at }) => ({ at, value }));
  const own = numbers
    .filter(({ at, coefficient }) => at >= from && !coefficient)
    .filter(({ at }) => !spans.some(({ start, end }) => at > start && at < end))
    .map(({ at, value }) => ({ at: at - from, value }))
    .filter(({ at }) => !groups.some((group) => group.at <= at && group.at + group.value.length > at));
  const told = toldNumber(
    sentence,
    [...own, ...groups].toSorted((a, b) => a.at - b.at),
  );
  return told ?? last;
}

/** A date as people write it: `March 14`, `July 4, 1776`, `12 June 2024`. */
const MONTH =
  "(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)";
export const DATE = String.raw`${MONTH}\.? \d{1,2}(?:st|nd|rd|th)?(?!\d)(?:,? \d{4}\b)?|\d{1,2}(?:st|nd|rd|th)? (?:of )?${MONTH}\b(?:,? \d{4}\b)?`;
const TIME_UNIT =
  "(?:hours?|hrs?|minutes?|mins?|seconds?|secs?|days?|weeks?|months?|years?|feet|foot|ft|inch(?:es)?|in|pounds?|lbs?|ounces?|oz|dollars?|cents?)";

/** What several numbers make up in plain text: a root, a point or an interval, a date, a time, a measure of two units. */
const GROUP = new RegExp(
  String.raw`(?:\d{1,9} ?)?√(?:\d{1,9}|\(\d{1,9}\))(?: ?\/ ?\d{1,9})?|[([](?=[^()[\]]*,)[-−+\d.,/ √π∞]{3,80}[)\]]|\{(?=[^{}]*,)[-−+\d.,/ √π]{3,80}\}|\b(?:${DATE})|(?<![\d:])\d{1,2} ?[ap]\.?m\b\.?|` +
    String.raw`\b\d{1,6} ${TIME_UNIT}(?:,? and|,)? \d{1,6} ${TIME_UNIT}\b`,
  "g",
);
