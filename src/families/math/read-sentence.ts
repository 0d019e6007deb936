/*
 * Small models often forget the box but rarely the closing sentence. What follows its announcement is read as a formula in
 * delimiters, a choice, a bare formula, a number, or a few words, in this order.
 */

import { findNumbers, findSpans, rightSide } from "./read-number.js";
import { tidyAnswer } from "./tidy.js";

/** What announces the answer: "the answer is", "Answer:", "final answer =", "####". */
const CUE =
  /(?:\banswers?\b(?: to [^.\n:]{1,100})?[*_ ]{0,4}(?::|=|\b(?:is|are|equals|will be|would be|must be)\b)|^ *#{4}(?!#))/gim;

/** How far behind its announcement an answer may end, in characters. */
const REACH = 700;
/** Announcements tried, from the last. */
const MAX_CUES = 5;

/** `x`, `x_1`, `f(x)`: names that keep their equals sign. */
const LABEL = /^\s*(?:[A-Za-z]|\\[a-z]+)(?:_\{?\w+\}?)?(?:\([a-z]\))?\s*$/;

/** A calculation gives its result; `x = 5` and equations stay whole. */
function resultOf(formula: string): string {
  const left = formula.slice(0, formula.lastIndexOf("="));
  return left === "" || LABEL.test(left) || /(?<!\\)\b[a-z]\b|[xyz]/.test(left) ? formula : rightSide(formula);
}

/** Formulas in delimiters that only a comma, "and" or "or" keeps apart are one answer. */
function joinSpans(text: string, spans: ReturnType<typeof findSpans>): string {
  let joined = resultOf(spans[0]!.inside);
  for (let i = 1; i < spans.length; i++) {
    const between = text.slice(spans[i - 1]!.end, spans[i]!.start);
    if (!/^\s*(?:,|,?\s*(?:and|or))\s*$/.test(between)) break;
    joined += `, ${spans[i]!.inside}`;
  }
  return joined;
}

/** Whether the text has no word of a sentence in it, so that all of it is the answer. */
const isFormula = (text: string): boolean =>
  /[\d\\]|^.{1,3}$/.test(text) &&
  !/(?<!\\)\b(?!and\b|or\b|sqrt\b|sin\b|cos\b|tan\b|log\b|infinity\b)[A-Za-z]{3,}/.test(
    text.replace(/\\(?:text|mbox|mathrm) ?\{[^{}]*\}/g, ""),
  );

/** The answer at the beginning of a text: a formula, a choice, a number, or a few words. */
export function readSegment(text: string): string | undefined {
  // Words and marks that may stand between the announcement and the answer.
  const rest = text.replace(/^(?:[\s:*_=]|\b(?:simply|just|therefore|thus|equal to|indeed)\b)+/i, "");
  // A display may stand on lines of its own; anything else ends with its line.
  const line = /^(?:\\\[|\$\$)/.test(rest) ? rest : rest.split("\n")[0]!;
  // A full stop ends the sentence, but not inside a number.
  const sentence = line.split(/\.(?=\s|$|\*)|;\s/)[0]!.replace(/[*`_\s]+$/, "");
  // Whichever comes first, a formula in delimiters or a number, is the answer: what follows explains it.
  const span = findSpans(line)[0];
  const numbers = findNumbers(sentence).filter(({ coefficient }) => !coefficient);
  const number = numbers[0];
  if (span && (span.start === 0 || !number || span.start < number.at))
    return tidyAnswer(joinSpans(line, findSpans(line)));
  // The letter of a choice answers the question, whatever the choice says.
  const choice = /^\(?([A-E])\)(?!\s*[=+*/^-])/.exec(sentence)?.[1];
  if (choice) return choice;
  if (isFormula(sentence)) return tidyAnswer(resultOf(sentence));
  // "is 16 + 2 = 18 eggs": what stands behind the equals sign.
  const equals = sentence.lastIndexOf("=");
  const told = numbers.find(({ at }) => at > equals) ?? number;
  // Last, a name or a few words; more of them are a sentence that announces nothing.
  if (told) return tidyAnswer(told.value);
  return /^[\p{L}'(][\p{L}' ()-]*$/u.test(sentence) && sentence.split(" ").length <= 5
    ? tidyAnswer(sentence)
    : undefined;
}

/** A last line, or its end, in bold: `**42**`. Headings of steps are none. */
function readBold(text: string): string | undefined {
  const bold = /\*\*([^*\n]{1,400})\*\*[.!\s]*$/.exec(text.slice(-900))?.[1];
  return bold && !/^\s*(?:step|note|case|part|answer)\b/i.test(bold) ? readSegment(bold) : undefined;
}

/**
 * The answer that a closing sentence announces.
 * @param text - a text of bounded length.
 */
export function readSentence(text: string): string | undefined {
  for (const cue of [...text.matchAll(CUE)].slice(-MAX_CUES).toReversed()) {
    const start = cue.index + cue[0].length;
    const value = readSegment(text.slice(start, start + REACH));
    if (value) return value;
  }
  return readBold(text);
}
