/*
 * Small models often forget the box but rarely the closing sentence. Where it is announced ("the answer is"), its value
 * follows; else the value follows the verb of the last sentence ("the probability is 2/3").
 */

import { REASON, saidWords, withoutAsides, withoutCheck } from "./read-clause.js";
import { findNumbers, findSpans, NUMBER_START } from "./read-number.js";
import { readValue } from "./read-value.js";
import { tidyAnswer } from "./tidy.js";

/** What announces the answer: "the answer is", "Answer:", "final answer =", "final result:", "####"; in other languages, too. */
const CUE =
  /(?:\b(?:antwort|lösung|ergebnis|respuesta|réponse|risposta|resposta|resultado|résultat|risultato)\b(?: (?:finale?|correcta|correcte|corretta|richtige)| correta)?(?: (?:lautet|ist|est|es|è|é)(?: (?:also|daher|donc|por tanto|quindi))?\b| ?:)|(?:ответ|答案|答え|정답)[*_ ]{0,4}(?:[:=]|是|为|為|は|은|는)|(?<![\p{L}\d])答[*_ ]{0,4}:|(?:(?<![A-Za-z])answers?\b|\b(?:final|correct) (?:result|value|solution|choice|option)s?\b)["'*_]{0,3}(?: (?:to|for|of|in) [^.\n:]{1,100}?)?(?: \([^()\n]{1,40}\))?[*_ ]{0,4}(?::|=|\b(?:is|are|equals|was|will be|would be|must be|should be)\b)|(?:\banswer\b|\bresult\b)[*_ ]{0,4}\n|^ *#{4}(?!#))/gimu;

/** How far behind its announcement an answer may end, in characters. */
const REACH = 900;
/** Announcements tried, from the last. */
const MAX_CUES = 5;

/** Verbs and signs that a value follows. */
const VERB =
  /(?<!\b(?:there|here|if|when|where|that|which|what|this) )\b(?:is|are|was|were|be|becomes?|equals?|equal to|gives?|yields?|get|have|obtain|find|costs?|makes|total(?:s|ing)?|remain|(?:simplifies|reduces|comes|amounts|evaluates|leads) to|results in|(?:factors|factored|written|expressed) (?:as|into)|takes?(?: (?:him|her|them|us|you|me))?)\b(?: (?:a )?(?:total|sum|product|result) of)?|(?<![<>!=:≤≥])=(?![=<>])|(?<!\d ):(?=\s)|\\(?:Rightarrow|implies|therefore)(?![A-Za-z])|[⇒→]/gi;
/** What a value begins with, behind its verb. */
const BEGIN =
  /^[\s:*_~≈]*(?:(?:at|about|approximately|roughly|exactly|only|now|equal to|given by|a total of|option|choice|the (?:number|value|fraction|point|pair|interval|set))\s+)?(?:[-−+$€£\\(\d[{.√π∞±]|(?:sqrt|pi|sin|cos|tan|ln|log|exp|infinity)\b|[A-Za-z]\d?\s*(?:[-−+^²³⁴ⁿ*/=<>≤≥≠∈]|!=))/;
/** A word of a sentence. */
const WORD = /(?<![\\A-Za-z{])(?!and\b|or\b|sqrt\b|pi\b|sin\b|cos\b|tan\b|log\b|ln\b|exp\b)[A-Za-z]{2,}/;
/** What the answer is not: "not 160 but 45". */
const CONTRAST = /^[\s:*_]*not [^.\n]{1,60}?,? but (?:rather |instead )?/i;
/** Names with their values side by side: "a = 2 and b = 3". */
const NAMED =
  /(?<![\w\\)}]|[-+−*/^] ?)(?:[A-Za-z]\d? ?= ?[^=,A-Za-z$]{1,40}(?:, ?and |, | and | or ))+[A-Za-z]\d? ?= ?[^=,A-Za-z$]{1,40}$/;

/** Emphasis taken away; a product or power of Python keeps its asterisks. */
const withoutEmphasis = (text: string): string =>
  text.replace(/(?<![\w)*])(\*\*|__|\*)(?=\S)([^*\n]{1,400}?)(?<=\S)\1(?![\w(*])/g, "$2");

/** The value that a statement tells: at once, or behind the verb of its first sentence. */
function readStatement(text: string): string | undefined {
  const own = text.replace(CONTRAST, "");
  const value = readValue(own);
  if (value !== undefined && !isWording(value)) return value;
  const sentence = firstSentence(own.replace(/^[\s:*_=]+/, ""));
  return readBehindVerb(sentence) ?? lastIn(sentence) ?? value;
}

/** Whether a value is words that say nothing without a verb behind them. */
const isWording = (value: string): boolean => /^(?:the|that|this|there|it|we|as|given|found|obtained)\b/i.test(value);

/** A sentence ends with a full stop that is none of a number or of a formula in delimiters, or with its line. */
function firstSentence(text: string): string {
  const spans = findSpans(text);
  for (const match of text.matchAll(/\.(?=\s|$|\*)|\n/g)) {
    if (!spans.some(({ start, end }) => match.index > start && match.index < end)) return text.slice(0, match.index);
  }
  return text;
}

/** The value behind the last verb that has one, conditions and reasons left out. */
function readBehindVerb(whole: string): string | undefined {
  const sentence = whole.replace(/^\s*(?:since|because|if|when|given(?: that)?)\b[^,$]*, /i, "");
  const reason = REASON.exec(sentence);
  const main =
    reason &&
    findNumbers(sentence.slice(0, reason.index)).length + findSpans(sentence.slice(0, reason.index)).length > 0
      ? sentence.slice(0, reason.index)
      : sentence;
  const named = NAMED.exec(main)?.[0];
  if (named !== undefined) return readValue(named);
  const spans = findSpans(main);
  const verbs = [...main.matchAll(VERB)].filter(
    ({ index }) => !spans.some(({ start, end }) => index > start && index < end),
  );
  for (const [i, { 0: verb, index }] of [...verbs.entries()].toReversed()) {
    const behind = main.slice(index + verb.length).replace(CONTRAST, "");
    // An equals sign inside a formula that a verb has announced: `is x = 2 or x = -3`.
    const before = verbs.slice(0, i).findLast((other) => /^[a-z]/i.test(other[0]));
    const start = before && before.index + before[0].length;
    if (verb === "=" && start !== undefined && BEGIN.test(main.slice(start)) && !WORD.test(main.slice(start, index)))
      continue;
    const value = BEGIN.test(behind) ? readValue(behind) : undefined;
    if (value !== undefined) return value;
  }
  return undefined;
}

/** The first formula or number of a sentence that has no verb before it. */
function lastIn(sentence: string): string | undefined {
  const span = findSpans(sentence).find(({ inside }) => /\d|=|\\/.test(inside));
  const number = findNumbers(sentence).find(({ coefficient }) => !coefficient);
  if (span && (!number || span.start <= number.at))
    return tidyAnswer(readValue(sentence.slice(span.start)) ?? span.inside);
  return number && tidyAnswer(number.value);
}

/** A last line, or its end, in bold: `**42**`. Headings of steps are none. */
function readBold(text: string): string | undefined {
  const bold = /\*\*([^*\n]{1,400})\*\*[.!\s]*$/.exec(text.slice(-900))?.[1];
  if (!bold || /^\s*(?:step|note|case|part|answer)\b/i.test(bold)) return undefined;
  const named = /^[^:=\d$\\]{1,60}[:=]\s*(\S.*)$/.exec(bold)?.[1];
  return readStatement(named ?? bold);
}

/**
 * The answer that a closing sentence announces.
 * @param text - a text of bounded length.
 */
export function readSentence(text: string): string | undefined {
  const plain = withoutEmphasis(text);
  for (const cue of [...plain.matchAll(CUE)].slice(-MAX_CUES).toReversed()) {
    const start = cue.index + cue[0].length;
    const value = readStatement(plain.slice(start, start + REACH));
    if (value) return value;
  }
  return readBold(text);
}

/** A text that is an answer as it stands. */
const ALONE = /^\W*(?:\(?([A-J])\)?\W*$|\(([A-J])\) [^\n]{1,80}$|(true|false|yes|no)\b(?=\W*$|[,.]))/i;
/** Who does how much of something, with what: "He can buy 10 boxes with $50." */
const ACTION = new RegExp(
  String.raw`\b(?:needs?|can (?:buy|make|have|get)|will (?:need|have)) (${NUMBER_START}) [a-z ]*\b(?:to|with|for|from) (?![^\n]*(?:[=,;]|\b(?:and|then|so)\b))`,
);
/** How many there are: "there are 12 positive divisors of 60". */
const THERE = new RegExp(
  String.raw`\bthere (?:are|is|were|was|will be|must be|exists?) (?:exactly |only |about |a total of |still )?(${NUMBER_START})(?! ?[-+*/×÷^=\\]) (?![^\n]*(?:=|[,;:] [a-z]|\b(?:and|each|so)\b))`,
  "i",
);
/** How a last sentence says which choice it takes; it names one alone. */
const CHOSEN = [
  /\b(?:[Oo]ptions|[Cc]hoices|[Ss]tatements) (\(?[A-HJ]\)?(?:(?:,|,? and) \(?[A-HJ]\)?)+) (?:are|hold|fit|match)\b/,
  /^(?!.*\b(?:not|no|n't|wrong|incorrect|false)\b)(?!.*\b(?:[Oo]ption|[Cc]hoice|[Ss]tatement) .*\b(?:option|choice|statement)\b).*\b(?:[Oo]ption|[Cc]hoice|[Ss]tatement|choose|pick|select|[Aa]nswer(?: choice)?|is) \(?([A-HJ])(?:\)|(?=[ .,:;!]|$))(?! ?[-+*/=<>^])(?! is \d)/,
  /\(([A-HJ])\) is (?:the )?(?:correct|right|best|answer)/,
  /^(?:[Ss]o|[Tt]herefore|[Tt]hus|[Hh]ence)[:,]? \(?([A-HJ])\)?\W*$/,
] as const;
/** What a last sentence says in words. */
const SAID =
  /(?:,|\b(?:so|therefore|thus|hence),?) (yes|no), |\b(no (?:real |integer |positive )?solutions?|all real numbers|infinitely many(?: solutions)?|does not exist|undefined|(?<=\bis )(?:true|false|infinite|impossible))\b/gi;

/** The value behind the verb of the last sentence that holds a number or a formula. */
export function readClosing(text: string): string | undefined {
  const tail = withoutAsides(withoutCheck(withoutEmphasis(text.slice(-1_500))));
  const spans = findSpans(tail);
  const sign = [...tail.matchAll(/[π∞√]|[A-Za-z)]\^|(?<= )\([A-J]\)/g)].at(-1)?.index ?? -1;
  const last = Math.max(findNumbers(tail).at(-1)?.at ?? -1, spans.at(-1)?.start ?? -1, sign);
  const sentence = tail
    .trimEnd()
    .split(/\.\s|\n/)
    .at(-1)!;
  const chosen = CHOSEN.map((pattern) => pattern.exec(sentence)?.[1]).find((choice) => choice !== undefined);
  if (chosen !== undefined) return chosen.replace(/[()]/g, "");
  const inWords = [...sentence.matchAll(SAID)].at(-1);
  const alone = ALONE.exec(tail);
  const said = inWords?.[1] ?? inWords?.[2] ?? alone?.[1] ?? alone?.[2] ?? alone?.[3];
  // What ends the sentence is what it says, whatever numbers stand before it.
  const ends = inWords && /^[\W_]*$/.test(sentence.slice(inWords.index + inWords[0].length));
  if (said !== undefined && (ends || /^(?:[A-J]|yes|no)$/i.test(said))) return said;
  const counted = THERE.exec(sentence)?.[1];
  if (counted !== undefined) return tidyAnswer(counted);
  const words = said ?? saidWords(sentence);
  if (last < 0) return words;
  if (words !== undefined && words !== said) return words;
  const action = ACTION.exec(sentence);
  if (action) return tidyAnswer(action[1]!);
  // The sentence around the last number, not cut inside a formula.
  const stops = [
    ...tail.matchAll(/(?<!\.)\.(?=\s|$)|\n|[!?](?=\s)|(?<=[,;]) (?=so|then|therefore|thus|hence)/g),
  ].filter(({ index }) => !spans.some(({ start, end }) => index > start && index < end));
  const start = stops.findLast(({ index }) => index < last)?.index ?? -1;
  const end = stops.find(({ index }) => index >= last)?.index ?? tail.length;
  return readBehindVerb(tail.slice(start + 1, end)) ?? (last === sign ? said : undefined);
}
