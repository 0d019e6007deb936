/*
 * Marks that a number may carry. The policy (docs/math-equality.md): a mark on one side only does not count, two different
 * ones do, and nothing is converted. Words that are no unit in the table say what was counted and are dropped.
 */

/** Spellings of the units that may not be mixed up; the first name of each row is the canonical one. */
const UNITS = [
  "percent % percents pct",
  "dollar $ dollars usd bucks",
  "cent cents ¢",
  "euro € euros eur",
  "pound_sterling £ gbp",
  "yen ¥",
  "rupee ₹ rupees",
  "degree degrees deg °",
  "celsius °c",
  "fahrenheit °f",
  "radian radians rad",
  "millimeter mm millimeters millimetre millimetres",
  "centimeter cm centimeters centimetre centimetres",
  "meter m meters metre metres",
  "kilometer km kilometers kilometre kilometres kms",
  "inch in inches",
  "foot ft feet",
  "yard yd yards yds",
  "mile mi miles",
  "gram g grams",
  "milligram mg milligrams",
  "kilogram kg kilograms kgs",
  "pound lb pounds lbs",
  "ounce oz ounces",
  "ton tons",
  "milliliter ml milliliters millilitre millilitres",
  "liter l liters litre litres",
  "gallon gal gallons",
  "quart qt quarts",
  "pint pints",
  "cup cups",
  "second s seconds sec secs",
  "minute min minutes mins",
  "hour h hours hr hrs",
  "day days",
  "week weeks wk",
  "month months",
  "year years yr yrs",
  "am",
  "pm",
  "acre acres",
  "hectare hectares",
  "joule joules",
  "watt watts",
  "volt volts",
  "newton newtons",
  "hertz hz",
];

/** Any spelling to the canonical name. */
const CANONICAL = new Map(UNITS.flatMap((row) => row.split(" ").map((name, _, names) => [name, names[0]!] as const)));

/** Short words, besides units, that may stand behind a number without `\text{}`. Longer ones need no list. */
const SHORT_NOUNS = new Set("men boys cars cats dogs eggs toys pens cans bags hats pies boxes sq cu".split(" "));

/** An English word rather than a product of variables: four letters, a vowel, and not in the order of the alphabet. */
function isWord(text: string): boolean {
  if (SHORT_NOUNS.has(text) || (text.length >= 2 && canonicalUnit(text) !== "")) return true;
  return /^[a-z]{4,}$/.test(text) && /[aeiou]/.test(text) && [...text].toSorted().join("") !== text;
}

/**
 * The canonical name of a unit phrase: `"sq. inches"` and `"in^2"` are `inch^2`, `"miles per hour"` is `mile/hour`.
 * Words that are no units (what was counted) are left out; empty when nothing is left.
 */
export function canonicalUnit(phrase: string): string {
  const words = phrase
    .toLowerCase()
    .replace(/\b([ap])\.?m\b\.?/g, "$1m")
    .replace(/\bmph\b/g, "mile per hour")
    .replace(/\bk(?:ph|m\/?h)\b/g, "kilometer per hour")
    .replace(/([a-z])\/([a-z])/g, "$1 per $2")
    .match(/\^\{?[23]\}?|[²³]|[a-z]+|[^\sa-z\d.,;:{}^"\\()]/g);
  // `unit` is what has been read, `next` the power that "square" or "cubic" gives to the unit to come.
  let unit = "";
  let next = "";
  for (const word of words ?? []) {
    const known = CANONICAL.get(word);
    if (word === "square" || word === "sq") next = "^2";
    else if (word === "cubic" || word === "cu") next = "^3";
    else if (unit !== "" && /^(\^|²|³|squared$|cubed$)/.test(word)) unit += /3|³|cubed/.test(word) ? "^3" : "^2";
    // Only between two units does "per" mean a quotient: "dollars per shirt" is dollars.
    else if (word === "per" && unit !== "") unit += "/";
    else if (known === "celsius" || known === "fahrenheit" || /^[cf]$/.test(word)) {
      unit = (known ?? word).startsWith("c") ? "celsius" : "fahrenheit";
    } else if (known) {
      unit += (unit === "" || unit.endsWith("/") ? "" : " ") + known + next;
      next = "";
    }
  }
  return unit.replace(/\/$/, "");
}

/** What stands before a mark, and the mark's canonical name (empty: none that matters). */
export interface Marked {
  body: string;
  unit: string;
}

/** `\$45`, `-$45`, `€ 12`: the sign may stand before the currency. */
const CURRENCY = /^([+-]?) ?\\?([$€£¥₹]) ?(?=[\d.\\(])/;
/** `75^\circ`, `20^\circ C`. */
const DEGREE = /\^(?:\{\\circ\}|\\circ) ?((?:"[^"]*"|[CF])?)$/;
/** A function of an angle in degrees that goes on to the end. */
const ANGLE = /\\(?:sin|cos|tan|cot|sec|csc)(?:\^(?:\w|\{[^{}]*\}))?[^()+,=|-]*\^\\circ ?$/;
/** `10\%` and `10%`. */
const PERCENT = / ?\\?%$/;
/** Words that stood in `\text{}`, one or several, with a power: `40 "inches"^2`. */
const QUOTED = /((?: ?"[^"]*"(?:\^\{?[23]\}?)?)+)[ .]*$/;
/** Words without `\text{}`, kept apart by a space: `18 eggs`, `12 cm^2`, `6 ft. tall`. */
const BARE = /^(.*[\d)\]}!]) ([a-z][a-z. /]*(?:\^\{?[23]\}?|[²³])?)$/i;
/** Two or three letters right behind a digit: `12cm`. `2am` is a product, so the clock is left out. */
const GLUED = /^(.*\d)(?![ap]m$)([a-z]{2,3})(\^\{?[23]\}?|[²³])?$/i;

/** Words that change the value: what has one of them behind its number is no number with a unit. */
const VALUE_WORD =
  /\b(?:squared|cubed|plus|minus|times|over|below|under|less|divided|factorial|remainder|half|halves|thirds|quarters|percent of|[b-z])\b/i;
/** The same word is a unit's when a unit stands before it: "feet squared". */
const changesValue = (phrase: string): boolean => VALUE_WORD.test(phrase) && canonicalUnit(phrase) === "";

/**
 * Takes percent, currency, degree and unit from an answer in normal form.
 * @param text - one value; lists are split before, so that each item may carry its own unit.
 * @returns the value without its mark; `body` is the whole text when there is none. Never empty for a text that is not.
 */
export function splitUnit(text: string): Marked {
  const currency = CURRENCY.exec(text);
  if (currency) {
    const { body, unit } = splitUnit(currency[1]! + text.slice(currency[0].length));
    const own = canonicalUnit(currency[2]!);
    return { body, unit: unit === "" || unit === own ? own : `${own} ${unit}` };
  }
  for (const [pattern, name] of [
    [PERCENT, "%"],
    [DEGREE, "°"],
    [QUOTED, ""],
  ] as const) {
    const mark = pattern.exec(text);
    // The degrees of an angle belong to the function of it.
    if (name === "°" && ANGLE.test(text)) continue;
    if (mark && mark.index > 0 && !changesValue(mark[1] ?? "")) {
      return { body: text.slice(0, mark.index), unit: canonicalUnit(`${name} ${mark[1] ?? ""}`) };
    }
  }
  // Words without quotes may be a product of variables, so they must look like English.
  const bare = BARE.exec(text) ?? GLUED.exec(text);
  const words = bare?.[2]?.toLowerCase().match(/[a-z]+/g) ?? [];
  const behind = bare && bare[2]! + (bare[3] ?? "");
  if (behind && words.length <= 5 && !changesValue(behind) && (/^[ap]\.?m\b/i.test(behind) || isWord(words[0]!))) {
    return { body: bare[1]!, unit: canonicalUnit(behind) };
  }
  return { body: text, unit: "" };
}

/**
 * Units disagree only where both sides carry one: the question settles the unit, and models leave it out at will.
 * @param a - canonical name, or empty
 * @param b - canonical name, or empty
 */
export const unitsAgree = (a: string, b: string): boolean => a === "" || b === "" || a === b;
