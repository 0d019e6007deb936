/*
 * What of a closing sentence is its statement. Around it stand asides in parentheses, a check of the result, and phrases
 * that say where, when or of what: "She planted 35 flowers before the 2nd week. Check: 7 * 5 = 35."
 */

/** A sentence or line that checks, explains or notes what was said. */
const CHECK =
  /(?:^|(?<=[.!?✓✔✅]) |\n)[ \t>#*_-]*(?:let(?:'|’)?s (?:double[- ]?)?(?:check|verify)|(?:we|you) can (?:double[- ]?)?(?:check|verify)|(?:to )?(?:double[- ]?|quick |sanity )?(?:check|verify|verification|proof|note|explanation|reasoning|why)(?:ing)?\b[^\n:]{0,40}:)/gi;
/** How a sentence begins that draws the conclusion. */
const CONCLUDES =
  /(?:^|\n|[.!?] )[ \t>#*_-]*(?:so|therefore|thus|hence|in conclusion|in summary|overall|finally|∴)\b[^\n]*$/i;

/** What a model says to whoever asks, behind its answer. */
const PLEASANTRY =
  /(?:\n|[.!?✓✔✅] +)[ \t>#*_-]*(?:(?:please )?let me know|(?:please )?feel free|would you like|do you (?:want|need)|shall I|is there anything|I hope|hope (?:this|that|it)|if you(?:'d like| would like| have| want| need)|happy to help|you(?:'re| are) welcome)\b[^\n]*\s*$/i;

/** A text up to the check of its result: only where a conclusion stands right before the check, and none behind it. */
export function withoutCheck(whole: string): string {
  const text = whole.replace(PLEASANTRY, (found) => found[0]!);
  for (const { index } of text.matchAll(CHECK)) {
    const before = text.slice(0, index).trimEnd();
    if (isConclusion(before) && !/(?:^|\n|[.!?] )[ \t>#*_-]*(?:so|therefore|thus|hence)\b/i.test(text.slice(index)))
      return before;
  }
  return text;
}

/** Whether the last line of a text concludes with a number or a formula. */
export const isConclusion = (text: string): boolean => {
  const line = text.trimEnd().split("\n").at(-1)!.slice(-600);
  return /\d|\$/.test(CONCLUDES.exec(line)?.[0] ?? "");
};

/** Asides in words: `90 minutes (1.5 hours)`. Points, bases, moduli and functions are none. */
const ASIDE =
  /(\d[^\n()]{0,120}) \((?=[^()\n]{0,160}[A-Za-z]{2})(?!(?:in )?base\b|mod\b|sqrt|pi\b|ln\b|log\b|sin\b|cos\b|tan\b)(?:[^()\\$\n]|\([^()\\$\n]{0,40}\)){3,160}\)(?!\$)/g;
export const withoutAsides = (text: string): string => text.replace(ASIDE, "$1");

/** From here on a sentence gives reasons. */
export const REASON =
  /,? (?:because|since|as (?:we|it|the|there|required|expected)|due to|needed|required|necessary|of which|(?:down|up) from|compared (?:to|with)|for (?:the|this|that|all|every)(?: [a-z]+)? to\b|when|whenever|if|attained|achieved|reached|occurring|at (?=\$?[a-z] ?=)|for (?=\$?[a-z] ?=)|given that|where|which (?:is|are|was|were|means|can|gives|makes|matches)|that is|i\.e\.|meaning|so that|rounded to|out of)\b|, with\b|, who(?:se)?\b(?=[^,]*$)/i;

/** What stands before a number that the sentence does not tell but mentions: "out of 100", "in 2021", "the 30 students". */
const MENTION =
  /(?:\b(?:out of|than|before|since|during|until|after|per|every|(?<!\b(?:left|up|ends?|ended|remains?|remained) )with|of (?:the|these|those|his|her|its|their|our)|the(?: (?:first|last|next|other|original|initial|remaining))?|(?:after|before|without) [a-z]+ing(?: away)?|within|among|over the|(?<!\b(?:count|ranges?|\d) )from) )$/i;
/** A year, where a sentence dates something. */
const YEAR = /^(?:19|20)\d\d$/;
const DATING =
  /\b(?:in|year|(?:quarter|half|year|month|week|spring|summer|fall|autumn|winter|season|[A-Z][a-z]{2,8}) of|[A-Z][a-z]{2,8},?) $/;
/** What makes a number an ordinal, or a part of a word: `2nd`, `40-hour`. */
const ORDINAL = /^(?:(?:st|nd|rd|th)\b|-[a-z])/;

/**
 * The number that a sentence tells: the last one that it does not merely mention.
 * @param sentence - the whole sentence
 * @param numbers - its numbers with their places in it
 */
export function toldNumber<T extends { at: number; value: string }>(
  sentence: string,
  numbers: readonly T[],
): T | undefined {
  const dates = numbers.filter(({ value }) => /[A-Z][a-z]{2}/.test(value));
  const reason = REASON.exec(sentence)?.index ?? sentence.length;
  const told = numbers.filter(
    ({ at, value }) =>
      at < reason &&
      // A lone day says when: "12 cups on March 14".
      !(dates.length === 1 && dates[0]!.at === at && /\b(?:on|by) $/.test(sentence.slice(0, at))) &&
      !(YEAR.test(value) && DATING.test(sentence.slice(0, at))) &&
      !MENTION.test(sentence.slice(0, at)) &&
      !ORDINAL.test(sentence.slice(at + value.length)),
  );
  // A price is paid for so many things: "$18 for 3 tickets".
  const price = told.findLast(
    ({ at, value }) =>
      /^\\?[$€£]/.test(value) || /^ (?:dollars|euros|pounds|cents)\b/.test(sentence.slice(at + value.length)),
  );
  const last = told.at(-1) ?? numbers.at(-1);
  return price && last && /\bfor $/.test(sentence.slice(0, last.at)) ? price : last;
}

/** A sentence that says what to do and holds no result. */
const INSTRUCTION =
  /^[ \t>#*_-]*(?:(?:first|then|next|now|finally|to [a-z]+ [^,.\n]{1,80}),? +)?(?:start|add|subtract|multiply|divide|find|determine|calculate|compute|use|compare|solve|take|count|convert|set up|consider|apply|begin)\b(?![^\n]*(?:=|≈|\\approx|→|⇒))/i;
/** Whether a sentence tells the reader to do something: its numbers are no result. */
export const isInstruction = (sentence: string): boolean => INSTRUCTION.test(sentence);

/** The last sentence of a text. */
export const lastSentence = (text: string): string =>
  text
    .trimEnd()
    .split(/[.!?]\s+|\n/)
    .at(-1)!;

/** What a sentence says about itself or the work, and not about what was looked for. */
const REMARK =
  /^(?:correct|right|wrong|valid|invalid|verified|complete|completed|done|solved|helpful|clear|consistent|satisfied|reasonable|accurate|possible|needed|required|given|known|unknown|(?:final |correct |required )?(?:answer|result|solution|value)|found|shown|proven|proved|equal|the same|positive|negative|available|unclear|unique|straightforward|as follows|it|so|all|follows|used|obtained|calculated|determined|there|here|not [a-z ]+)\b/i;
/** "The winner is Alice", "the graph is an ellipse", "it will be a Tuesday", "so the function is odd". */
const SAYING =
  /^(?<lead>.*\b(?:so|therefore|thus|hence),? |.*, )?(?<subject>[^,;:.=]{2,90}?) (?:is|are|was|were|will be|must be) (?:(?:indeed|called|named|also|always|therefore|thus|then|hence|clearly) )*(?<words>(?:an? |the )?\p{L}[\p{L}'’-]*(?: \p{L}[\p{L}'’-]*){0,2})[.!]?$/iu;

/** The words that a last sentence says its subject is, where it holds no number behind its verb. */
export function saidWords(sentence: string): string | undefined {
  const groups = SAYING.exec(sentence.trim())?.groups;
  if (!groups) return;
  const { lead = "", subject = "", words = "" } = groups;
  if (
    REMARK.test(words.replace(/^(?:an?|the) /i, "")) ||
    /^(?:(?:this|that|these|those)(?: (?:result|answer|value|method|approach|solution|equation|problem|step|process|number|way))?$|(?:i|we|you|here|there|what|which)\b)/i.test(
      subject,
    )
  )
    return;
  // Without a word that concludes, only a name, a noun with its article, or what the subject asks for.
  if (/\d/.test(subject) && !/^\p{Lu}/u.test(words)) return;
  const concludes = /\b(?:so|therefore|thus|hence),? $/i.test(lead) || /^(?:so|therefore|thus|hence)\b/i.test(subject);
  return concludes || /^(?:an |a )|^\p{Lu}/u.test(words) ? words : undefined;
}
