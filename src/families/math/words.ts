/** Number words in order, so that the place is the number. */
const NUMBERS = (
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen " +
  "eighteen nineteen twenty"
).split(" ");

/** Ways to say that there is no solution. */
const NOTHING = /^(?:no (?:real )?(?:solutions?|values?)|none|(?:the )?empty set)$/;
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
  const number = NUMBERS.indexOf(text);
  if (number >= 0) return { formula: String(number) };
  if (NOTHING.test(text)) return { formula: "\\emptyset" };
  if (EVERYTHING.test(text)) return { formula: "\\mathbb{R}" };
  if (quoted ? text.length > 1 || !/[A-Za-z]/.test(normal) : text.split(" ").some(isWord)) return { text };
  return undefined;
}
