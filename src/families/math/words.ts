/** Number words in order, so that the place is the number. */
const NUMBERS = (
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen " +
  "eighteen nineteen twenty"
).split(" ");
const TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");

/** `seven`, `forty two` and `one hundred` as numbers; -1 for anything else. */
function numberOf(text: string): number {
  const [tens, ones, ...more] = text.split(" ");
  const known = NUMBERS.indexOf(text);
  if (known >= 0 || more.length > 0) return known;
  if (ones === "hundred") return (tens === "a" ? 1 : NUMBERS.slice(0, 10).indexOf(tens!)) * 100 || -1;
  const ten = (TENS.indexOf(tens!) + 2) * 10;
  const one = ones === undefined ? 0 : NUMBERS.slice(0, 10).indexOf(ones);
  return ten < 20 || one < 0 ? -1 : ten + one;
}

/** Ways to say that there is no solution. */
const NOTHING =
  /^(?:there (?:is|are) )?(?:no (?:real )?(?:solutions?|values?|roots?|answers?)|none|(?:the )?(?:empty|null) set)(?: exists?)?$/;
/** Ways to say the same thing in other words, and the one they are compared by. */
const ALIASES: readonly (readonly [RegExp, string])[] = [
  [/^(?:(?:the )?limit )?(?:dne|does not exist|doesn't exist)$/, "does not exist"],
  [/^(?:there are )?(?:infinitely many|an infinite number of)(?: (?:real )?(?:solutions|values))?$/, "infinitely many"],
];
/** Ways to name the real line. */
const EVERYTHING = /^(?:all )?(?:the )?real(?:s| numbers?)$/;

/** Short words that read like products of variables and are none. */
const SHORT = new Set(["no", "up", "yes", "true", "odd", "even", "east", "both", "left", "down"]);

/** A bare run of letters is a word when it has a vowel and is not in the order of the alphabet, as `abc` is. */
const isWord = (text: string): boolean =>
  SHORT.has(text) || (/^[a-z']{3,}$/.test(text) && /[aeiou]/.test(text) && [...text].toSorted().join("") !== text);

/**
 * An answer in words.
 * @param normal - normal form.
 * @returns lower case without punctuation and article; a formula where the words stand for one (`7`, `\emptyset`,
 *   `\mathbb{R}`); `undefined` when the answer is no words.
 */
export function parseWords(normal: string): { text: string } | { formula: string } | undefined {
  // A run of capitals is a name or an arrangement, whose order counts: ACB is not ABC.
  const quoted = normal.includes('"') || /^[A-Z]{2,}$/.test(normal);
  const text = normal
    .replaceAll('"', " ")
    .toLowerCase()
    .replace(/[^\p{L}\d'\\{}^_=+<>/|]+/gu, " ")
    .trim()
    .replace(/^(?:an?|the) (?=.)/, "");
  if (!/^[\p{L}' ]+$/u.test(text)) return;
  // Words that stand for a number or a set are read as that.
  const number = numberOf(text);
  if (number >= 0) return { formula: String(number) };
  if (NOTHING.test(text)) return { formula: "\\emptyset" };
  if (EVERYTHING.test(text)) return { formula: "\\mathbb{R}" };
  const alias = ALIASES.find(([pattern]) => pattern.test(text))?.[1];
  if (alias !== undefined) return { text: alias };
  if (quoted ? text.length > 1 || !/[A-Za-z]/.test(normal) : text.split(" ").some(isWord)) return { text };
  return undefined;
}
