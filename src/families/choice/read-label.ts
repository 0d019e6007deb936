import type { Reading } from "../types.js";
import { clean } from "./canonical.js";
import type { Option } from "./task.js";

/** An answer stands at the end: only so many characters are looked at. */
const TAIL = 6_000;
/** How far behind its announcement an answer may go on. */
const REACH = 600;
/** Announcements tried, from the last. */
const MAX_CUES = 5;

/** What announces an answer: "the answer is", "Answer:", "Antwort:", "la réponse est". */
const CUE =
  /\b(?:answers?|label|category|classification|class|choice|option|letter|verdict|antwort|losung|reponse|respuesta)\b(?: (?:to|for|of) [^.\n:]{1,100}| would| should| must)?[_ ]{0,3}(?::|=|\b(?:is|be|are|ist|lautet|est|es)\b)/gi;
/** What announces one less surely: "it is", "I choose". */
const WEAK =
  /\b(?:i|we)(?:'d| would| will)? (?:choose|pick|select|go with)\b|\bit(?:'s| is| must be)\b|\bclassif(?:y|ied)(?: (?:it|this(?: \w+)?|the \w+))? as\b/gi;
/** "(B) is the correct answer", "option B is right." */
const PRAISE =
  /(?:\(([A-Za-z0-9])\)|\b([A-Z0-9])\)?) (?:is|would be) (?:the )?(?:only )?(?:(?:correct|right|best) (?:answer|option|choice|one)\b|(?:correct|right|true)(?=\s*(?:[.,;!)\n]|because|since|$)))/g;
/** What a conclusion's answer follows: "the sentiment is positive". */
const COPULA =
  /.*(?:\b(?:is|are|be|as|ist|sind|est|sont)\b|[:=→])\s*(?:(?:clearly|therefore|thus|indeed|the|an?)\s+){0,3}(.*)$/is;

/** Something said of the answer, and where it is said. */
interface Commitment {
  at: number;
  said: Said;
}

/**
 * Reads which option a model's text settles on: the last clear commitment, never a guess between two, never a value that is
 * none of the options. Tried in this order: what is announced as the answer, or stands alone on the last line, whichever
 * comes last; what is announced less surely; a last sentence that ends with the only option it names, and denies nothing.
 *
 * @returns the option's value, and the way it was found: `answer`, `line` or `mention`; `undefined` where there is none
 */
export function readLabel(text: string, options: readonly Option[]): Reading<string> | undefined {
  const tail = clean(text.slice(-TAIL)).trim();
  const line = lastLine(tail, options);
  const announcement = announced(tail, CUE, options);
  // A label may itself look like an announcement; as a line of its own it is the label.
  const inLabel = line && line.said !== "unclear" && announcement && announcement.at >= line.at;
  const answer = inLabel ? undefined : announcement;
  const praise = praised(tail, options);
  const firm = [praise, answer, line].filter((one) => one !== undefined);
  const last = firm.reduce<Commitment | undefined>((best, one) => (best && best.at >= one.at ? best : one), undefined);
  if (last) return reading(last.said, last === line ? "line" : "answer");
  const weak = announced(tail, WEAK, options);
  return weak ? reading(weak.said, "answer") : reading(concluded(lastSentence(tail), options), "mention");
}

const reading = (said: Said, by: string): Reading<string> | undefined =>
  said === undefined || said === "unclear" ? undefined : { value: said.value, by };

/** The last announcement that is followed by an option, or that can be followed by nothing else. */
function announced(text: string, cue: RegExp, options: readonly Option[]): Commitment | undefined {
  const cues = [...text.matchAll(cue)].slice(-MAX_CUES).map((found) => ({ found, end: found.index + found[0].length }));
  for (const { found, end } of cues.toReversed()) {
    if (cues.some((earlier) => earlier.end <= found.index && namesPast(text, earlier.end, found.index, options)))
      continue;
    const segment = lineAt(text.slice(end, end + REACH));
    const isColon = found[0].endsWith(":");
    // "The answer is found in Paris": only a colon is followed by nothing but the answer.
    const said =
      beginning(segment, options) ??
      (isColon && cue === CUE ? mention(segment.split(/[.;!](?=\s|$)/)[0]!, options) : undefined);
    if (said) return { at: end, said };
    // A closing line that names none of the options takes back what was said before.
    const closes = isColon && /(?:^|\n)[^\S\n]*(?:the )?(?:final )?$/i.test(text.slice(0, found.index));
    if (closes && cue === CUE) return { at: end, said: "unclear" };
  }
  return undefined;
}

/** Whether an option is named from `at` on that goes on past `until`: what stands there is part of a label. */
function namesPast(text: string, at: number, until: number, options: readonly Option[]): boolean {
  const from = at + /^\s*/.exec(text.slice(at))![0].length;
  return from + (namedAt(text.slice(from, from + REACH), options)?.length ?? 0) > until;
}

/** The line behind an announcement, or the next one where the answer stands below it. */
const lineAt = (text: string): string => text.split("\n").find((line) => /[\p{L}\p{N}\p{S}+-]/u.test(line)) ?? "";

function praised(text: string, options: readonly Option[]): Commitment | undefined {
  const found = [...text.matchAll(PRAISE)].at(-1);
  const letter = (found?.[1] ?? found?.[2])?.toUpperCase();
  const option = options.find((one) => one.letter === letter && letter !== undefined);
  return found && option && { at: found.index, said: { value: option.value } };
}

/** A last line that holds an option and nothing else, unless the line before it does too: then the options are listed. */
function lastLine(text: string, options: readonly Option[]): Commitment | undefined {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const [before, last] = [lines.at(-2), lines.at(-1)];
  const said = last === undefined ? undefined : alone(last, options);
  if (!said) return;
  const isList = before !== undefined && alone(before, options) !== undefined;
  return { at: text.lastIndexOf(last!), said: isList ? "unclear" : said };
}

/** What a line says that is an option from end to end: `B`, `(b)`, `B. Paris`, `Paris.` */
export function alone(line: string, options: readonly Option[]): Said {
  const plain = unended(line.replace(/^[\s'-]+(?=[\p{L}(])/u, "").toLowerCase());
  const fitting = options.filter(({ letter, name, text }) => {
    const [, found, rest = ""] = /^[([]?([a-z0-9])[)\]]?(?:[.:,)-]?\s+(.*)|[.:)]?)$/.exec(plain) ?? [];
    const isLetter = letter !== undefined && found === letter.toLowerCase();
    return plain === unended(name) || (isLetter && (rest === "" || (text !== undefined && rest === unended(name))));
  });
  const [only, ...others] = fitting;
  return only && (others.length > 0 ? "unclear" : { value: only.value });
}

/** What a sentence ends with, behind "is" or the like: reasoning that is cut off names options, too. */
function concluded(sentence: string, options: readonly Option[]): Said {
  const end = COPULA.exec(sentence)?.[1];
  const said = end === undefined ? undefined : alone(end, options);
  const named = mention(sentence, options);
  const isOne = typeof said === "object" && typeof named === "object" && said.value === named.value;
  return isOne ? said : undefined;
}

/** Without the marks that end a sentence. */
const unended = (line: string): string => line.replace(/[\s'.!]+$/, "");

const lastSentence = (text: string): string =>
  text
    .split(/(?<=[.!?])\s+|\n+/)
    .findLast((sentence) => /[\p{L}\p{N}]/u.test(sentence))
    ?.slice(-REACH) ?? "";

/*
 * Where a piece of text names an option: at its beginning, as an answer does, or anywhere in it. All texts here are cleaned
 * (fold.ts), so that only case is left to differ.
 */

/** What a piece of text says: an option's value, several or contradicting ones, or nothing. */
type Said = { value: string } | "unclear" | undefined;

/** What may stand before an answer without being one. */
const FILLER =
  /^(?:[\s:;=,'_–—]+|-(?=\s)|(?:the|an?|is|are|be|option|choice|letter|label|answer|category|class|most likely|likely|actually|really|mostly|probably|clearly|definitely|simply|therefore|indeed|correct|best|right|one)\b)/i;
const FILLERS = 8;
/** A letter or digit that can be nothing else: enclosed, or with punctuation, or alone. */
const MARKED = /^(?:\(([A-Za-z0-9])\)|\[([A-Za-z0-9])\]|([A-Za-z0-9])(?=\s?(?:[)\];!/&|]|[.,:](?!\S)|$)))[)\].:;!]?/;
/** A capital followed by words. */
const CAPITAL = /^([A-Z])(?= )/;
/** What may follow "A" and "I" for them to be letters and no words. */
const AFTER_LETTER = /^ ?(?:because|since|as|is|and|or|oder|und|ou|et|[-–—&/+(=])/i;
const JOINT = /^[\s,()[\].]*(?:(?:or|and|oder|und|ou|et|nor)(?=[\s(])|[/&,|]|$)/i;
const BOTH = /^(?:both|either|neither|all|none|beide|weder|entweder|ni)\b/i;
const NEGATION =
  /\b(?:not|never|no|neither|nor|none|without|instead|rather|unlike|incorrect|wrong|false|except|nicht|kein\w*|weder|statt|pas|ni|jamais|sin)\b|n't\b/i;

/** Whether a name ends here: not in the middle of a word or number. */
const endsAt = (text: string, at: number): boolean => !/^(?:[\p{L}\p{N}%]|[.,/:]\d)/u.test(text.slice(at, at + 2));

/** The longest names that a text begins with, and their options: several where options share a name. */
function namedAt(text: string, options: readonly Option[]): { length: number; options: Option[] } | undefined {
  const lower = text.toLowerCase();
  const fitting = options.filter(({ name }) => name !== "" && lower.startsWith(name) && endsAt(lower, name.length));
  const length = Math.max(0, ...fitting.map(({ name }) => name.length));
  return length === 0 ? undefined : { length, options: fitting.filter(({ name }) => name.length === length) };
}

/** The letter that a text begins with, if it is one of an option. */
function letterAt(text: string, options: readonly Option[]): { length: number; option: Option } | undefined {
  const marked = MARKED.exec(text);
  const capital = marked ? null : CAPITAL.exec(text);
  if (capital && /[AI]/.test(capital[1]!)) {
    const rest = text.slice(1);
    if (!AFTER_LETTER.test(rest) && !namedAt(rest.trimStart(), options)) return;
  }
  const letter = (marked?.[1] ?? marked?.[2] ?? marked?.[3] ?? capital?.[1])?.toUpperCase();
  const option = options.find((one) => one.letter === letter && letter !== undefined);
  return option && { length: (marked ?? capital)![0].length, option };
}

/** The option that stands right at the beginning, and where its mention ends. */
function optionAt(text: string, options: readonly Option[]): { said: Said; rest: string } | undefined {
  const named = namedAt(text, options);
  const lettered = letterAt(text, options);
  // The longer mention says more; of equals the letter does, where letters stand for texts.
  const least = lettered?.option.text === undefined ? 1 : 0;
  if (lettered && (!named || named.length <= lettered.length - least)) {
    const after = text.slice(lettered.length).replace(/^[\s.):,;–—-]+/, "");
    const beside = namedAt(after, options);
    if (!beside || lettered.option.text === undefined)
      return { said: { value: lettered.option.value }, rest: text.slice(lettered.length) };
    const own = beside.options.includes(lettered.option);
    return { said: own ? { value: lettered.option.value } : "unclear", rest: after.slice(beside.length) };
  }
  if (!named) return;
  const [only, ...others] = named.options;
  return { said: others.length > 0 ? "unclear" : { value: only!.value }, rest: text.slice(named.length) };
}

/** What a text says that begins with an answer, perhaps after a few words that mean nothing. */
function beginning(text: string, options: readonly Option[]): Said {
  let rest = text.trim();
  for (let i = 0; i <= FILLERS; i++) {
    const found = optionAt(rest, options);
    if (found) return isJoined(found.rest, options, found.said) ? "unclear" : found.said;
    if (BOTH.test(rest)) return "unclear";
    const filler = FILLER.exec(rest)?.[0];
    if (filler === undefined) return;
    rest = rest.slice(filler.length);
  }
  return undefined;
}

/** "A or B", "A, B", "A/B": another option follows right away. */
function isJoined(rest: string, options: readonly Option[], said: Said): boolean {
  const joint = JOINT.exec(rest)?.[0];
  if (joint === undefined || said === undefined || said === "unclear") return false;
  const next = optionAt(rest.slice(joint.length).replace(/^(?:\s|option\b|either\b|perhaps\b|maybe\b)+/i, ""), options);
  return next !== undefined && (next.said === "unclear" || next.said?.value !== said.value);
}

/** The only option that a text names anywhere; nothing where it negates, "unclear" where it names several. */
function mention(text: string, options: readonly Option[]): Said {
  const found = new Set<string>();
  let rest = "";
  for (let at = 0; at < text.length;) {
    const free = at === 0 || !/[\p{L}\p{N}.-]/u.test(text[at - 1]!);
    const named = free ? namedAt(text.slice(at, at + 600), options) : undefined;
    if (named) for (const { value } of named.options) found.add(value);
    else rest += text[at]!;
    at += named ? named.length : 1;
  }
  for (const [, enclosed, told, bare] of rest.matchAll(
    /\(([A-Za-z0-9])\)|\b(?:option|choice|answer|letter) ([A-Z0-9])\b|(?<![\p{L}\p{N}'.])([B-HJ-Z])(?![\p{L}\p{N}'.])/gu,
  )) {
    const letter = (enclosed ?? told ?? bare)!.toUpperCase();
    const option = options.find((one) => one.letter === letter);
    if (option) found.add(option.value);
  }
  if (found.size > 1) return "unclear";
  const [value] = found;
  return value === undefined || NEGATION.test(rest) ? undefined : { value };
}
