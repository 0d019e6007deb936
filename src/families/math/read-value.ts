/* A value at the beginning of a text: formulas in delimiters, a choice, a formula as people type it, a number, or a few words. */

import { DATE, findSpans, joinSpans, NUMBER_START, type Span } from "./read-number.js";
import { isName, resultOf } from "./read-formula.js";
import { tidyAnswer } from "./tidy.js";

/** What may stand between an announcement and its value. */
const FILLER =
  /^(?:[\s:=~≈]|(?:\*\*|__|[_`>"'](?=\s|\*|\w|\$|\\))|\b(?:simply|just|therefore|thus|then|equal to|indeed|exactly|about|approximately|roughly|only|given by|as follows|option|choice|answer|(?:the|an?) (?:number|value|fraction|point|ordered pair|pair|interval|set|vector|matrix|expression|total(?: of)?|ratio|equation|integer|function)|a total of|now|still|also|always|at)\b)+/i;

/** Words that belong to formulas. */
const MATH_WORD =
  "(?:sqrt|cbrt|pi|arcsin|arccos|arctan|sinh|cosh|tanh|sin|cos|tan|cot|sec|csc|log|ln|exp|infinity|and|or|abs)(?![A-Za-zÀ-ɏ])";
/** One piece of a formula as people type it. */
const PIECE = new RegExp(
  String.raw`\s*(?:${NUMBER_START}|\\begin\{(\w+)\}[\s\S]*?\\end\{\1\}|\\(?:text|mathrm|mathbf|textbf|operatorname|mbox)\s*\{[^{}]*\}|\\[A-Za-z]+|\\[{}%$,;!:&\s\\]|${MATH_WORD}|[A-Za-z]+(?:_\w+)?'?(?=\([\d.]+\)| ?[=<>≤≥])|[A-Za-z](?![A-Za-zÀ-ɏ'’])|[-−+*/^_=<>()[\]{}|!:,;&°%√π∞×÷·±≤≥≠≈∪²³½¼¾∅ℝθ∈])`,
  "y",
);
/** What a value does not end with. */
const LOOSE_END = /(?:\s|[-−+*/^_=<>([{|:,;&≈~]|\\[,;!: ]|(?<![A-Za-z\\])(?:and|or))+$/;

/** Letters that are units behind a number and a space. */
const UNIT_LETTER =
  /^\s+[mgshlLNJWVKCF](?:\^\{?[23]\}?|[²³])?(?:\/[a-z]{1,3}(?:\^\{?[23]\}?|[²³])?)?(?=\s*(?:$|[.,;)]))/;

/** The formula at the beginning of a text, up to the first word of a sentence; empty where there is none. */
function formulaAt(text: string): { formula: string; rest: string } {
  let end = 0;
  for (;;) {
    const here = text.slice(end);
    // What a number is explained by, or measured in, is no part of it.
    if (
      end > 0 &&
      /[\d⁰¹²³⁴-⁹]\s*$/.test(text.slice(0, end)) &&
      (/^\s+\((?!base)/.test(here) || UNIT_LETTER.test(here))
    )
      break;
    // "i.e." explains.
    if (/^[,;]?\s*\(?(?:i\.\s?e\.|e\.\s?g\.)/.test(here)) break;
    // An exclamation mark ends a sentence unless a formula goes on behind it.
    if (/^!(?=\s*$|\s+[A-Z])/.test(here)) break;
    // `a` before a word or a number is an article.
    if (end > 0 && /^\s+an?\s+[\d$]/.test(here)) break;
    if (/^\s*[AaI]\s+[A-Za-z]{2,}/.test(here) && !new RegExp(`^\\s*[a-z]\\s+${MATH_WORD}`).test(here)) break;
    PIECE.lastIndex = end;
    const piece = PIECE.exec(text);
    if (!piece || piece[0] === "") break;
    end += piece[0].length;
  }
  let formula = text.slice(0, end).replace(LOOSE_END, "");
  // A bracket that closes behind words stands for an aside.
  const [opened, closed] = [/[([]/g, /[)\]]/g].map((brackets) => formula.match(brackets)?.length ?? 0) as [
    number,
    number,
  ];
  if (opened > closed) formula = formula.slice(0, Math.max(formula.lastIndexOf("("), formula.lastIndexOf("[")));
  else if (opened === 0 && closed > 0) formula = formula.slice(0, formula.search(/[)\]]/));
  // A tag or brace of what surrounds the answer, such as JSON.
  formula = formula.replace(/<\/.*$/s, "");
  if (!/[{]/.test(formula)) formula = formula.replace(/\}.*$/s, "");
  formula = formula.replace(LOOSE_END, "");
  return { formula, rest: text.slice(formula.length) };
}

/** What may follow a number and changes it. */
const BEHIND = [
  /^\s*\(?(?:in )?base[ -](?:\d+|[a-z]+)\)?/i,
  /^\s*[ap]\.?m\b\.?/i,
  /^(?:\s*[a-z]+,?(?:\s+and)?\s+\d+(?:\.\d+)?\s+(?:[a-z]+))+(?=\s*(?:$|[.,;]|\b(?:tall|long|old|wide|deep|high|left|in total|altogether)\b))/i,
] as const;
/** A date that ends its clause. */
const DATED = new RegExp(String.raw`^(?:${DATE})(?=\s*(?:$|[.,;*]))`);
/** Measures of two parts: `5 feet 6 inches`. */
const MEASURE = /^\s*(?:hours?|hrs?|minutes?|mins?|feet|foot|ft|pounds?|lbs?|years?|days?|weeks?|degrees?|dollars?)\b/i;

/** The value at the beginning of a text, which goes on with a sentence or ends. */
export function readValue(text: string): string | undefined {
  const rest = text.replace(/^[\s*:]*\n\s*[-•*+]\s+(?=\S)/, "").replace(FILLER, "");
  // A display may stand on lines of its own; anything else ends with its line.
  const line = /^(?:\\\[|\$\$|\\begin)/.test(rest) ? rest : rest.split("\n")[0]!;
  const spans = findSpans(line);
  if (spans[0]?.start === 0) return fromSpans(line, spans);
  const several = choices(line);
  if (several) return several;
  const choice = /^\(?([A-J])(?:\)|(?=[.:,;]?\s*(?:\*\*|$))|[.:](?=\s)|(?=,? because))(?!\s*[=+*/^-])/.exec(line)?.[1];
  if (choice) return choice;
  const date = DATED.exec(line)?.[0];
  if (date) return date;
  const { formula, rest: behind } = formulaAt(line);
  if (/[\d\\π∞√½¼¾∅ℝ]|^.{1,3}$|[=<>]/.test(formula) && !/^[^\p{L}\p{N}\\∞π√]*$/u.test(formula)) {
    // A list goes on with formulas in delimiters.
    const scaled = BEHIND.map((pattern, i) => (i < 2 || MEASURE.test(behind) ? pattern.exec(behind)?.[0] : undefined));
    const ratio = /^\s+to\s+(\d+)(?=\s*(?:$|[.,;]))/.exec(behind)?.[1];
    const value =
      ratio && /^\d+$/.test(formula.trim())
        ? `${formula.trim()}:${ratio}`
        : formula + (scaled.find((one) => one !== undefined) ?? "");
    // The same share in percent is another form of it, no second value.
    const share = /^([^%,;]+?),? or [\d.]+ ?\\?%$/.exec(value)?.[1];
    if (share !== undefined) return tidyAnswer(share);
    return tidyAnswer(/,|;|\band\b|\bor\b/.test(value) ? value : resultOf(value));
  }
  const words = line.split(/\.(?=\s|$|\*)|[;,!]\s|[;,!]$/)[0]!.replace(/[*`_\s.]+$/, "");
  const isShort = /^[\p{L}'’(][\p{L}'’ ()-]*$/u.test(words) && words.split(" ").length <= 5;
  return isShort ? tidyAnswer(words) : undefined;
}

/** `A and C`, `A, C`: several choices. */
const choices = (line: string): string | undefined =>
  /^\(?[A-J]\)?(?:\s*(?:,|and|,\s*and|&)\s*\(?[A-J]\)?)+(?=\s*(?:$|[.*]))/.exec(line)?.[0].replace(/[()]/g, "");

/** A lone name in delimiters with a value behind it names that value. */
function fromSpans(line: string, spans: readonly Span[]): string | undefined {
  const [first, second] = spans as [Span, Span?];
  const behind = line.slice(first.end);
  if (isName(first.inside) || /=\s*$/.test(first.inside)) {
    const told = /^\s*(?:=|:|is|are|equals)\s*(?=\S)/.exec(behind);
    if (told || /=\s*$/.test(first.inside)) return readValue(behind.slice(told?.[0].length ?? 0));
    // `$x$, $y$` are listed; a name alone before more words is no answer.
    if (!second && /^\s*[A-Za-z]{2,}/.test(behind)) return undefined;
  }
  return tidyAnswer(joinSpans(line, spans));
}
