/*
 * Where a piece of text names an option: at its beginning, as an answer does, or anywhere in it. All texts here are cleaned
 * (fold.ts), so that only case is left to differ.
 */

import type { Option } from "./options.js";

/** What a piece of text says: an option's value, several or contradicting ones, or nothing. */
export type Said = { value: string } | "unclear" | undefined;

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
export function namedAt(text: string, options: readonly Option[]): { length: number; options: Option[] } | undefined {
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
export function beginning(text: string, options: readonly Option[]): Said {
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
export function mention(text: string, options: readonly Option[]): Said {
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
