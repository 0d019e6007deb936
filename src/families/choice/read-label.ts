import type { Reading } from "../types.js";
import { beginning, mention, namedAt, type Said } from "./find-option.js";
import { clean } from "./fold.js";
import type { Option } from "./options.js";

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
