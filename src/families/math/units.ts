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

const CANONICAL = new Map(UNITS.flatMap((row) => row.split(" ").map((name, _, names) => [name, names[0]!] as const)));

/** Short words, besides units, that may stand behind a number without `\text{}`. Longer ones need no list. */
const SHORT_NOUNS = new Set("men boys cars cats dogs eggs toys pens cans bags hats pies boxes".split(" "));

/** An English word rather than a product of variables: four letters, a vowel, and not in the order of the alphabet. */
function isWord(text: string): boolean {
  if (SHORT_NOUNS.has(text) || (text.length >= 2 && CANONICAL.has(text))) return true;
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
    .replace(/\bk(?:ph|m\/h)\b/g, "kilometer per hour")
    .replace(/([a-z])\/([a-z])/g, "$1 per $2")
    .match(/\^\{?[23]\}?|[²³]|[a-z]+|[^\sa-z\d.,;:{}^"\\()]/g);
  let unit = "";
  let next = "";
  for (const word of words ?? []) {
    const known = CANONICAL.get(word);
    if (word === "square" || word === "sq") next = "^2";
    else if (word === "cubic" || word === "cu") next = "^3";
    else if (unit !== "" && /^(\^|²|³|squared$|cubed$)/.test(word)) unit += /3|³|cubed/.test(word) ? "^3" : "^2";
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

const CURRENCY = /^([+-]?) ?\\?([$€£¥₹]) ?(?=[\d.\\(])/;
const DEGREE = /\^(?:\{\\circ\}|\\circ) ?((?:"[^"]*"|[CF])?)$/;
const PERCENT = / ?\\?%$/;
const QUOTED = /((?: ?"[^"]*"(?:\^\{?[23]\}?)?)+)[ .]*$/;
const BARE = /^(.*[\d)\]}!]) ([a-z][a-z. /]*(?:\^\{?[23]\}?|[²³])?)$/i;
const GLUED = /^(.*\d)(?![ap]m$)([a-z]{2,3})(\^\{?[23]\}?|[²³])?$/i;

/** Words that change the value: what has one of them behind its number is no number with a unit. */
const VALUE_WORD =
  /\b(?:squared|cubed|plus|minus|times|over|below|under|less|divided|factorial|remainder|half|halves|thirds|quarters|percent of|[b-z])\b/i;
/** The same word is a unit's when a unit stands before it: "feet squared". */
const changesValue = (phrase: string): boolean => VALUE_WORD.test(phrase) && canonicalUnit(phrase) === "";

/** Takes percent, currency, degree and unit from an answer in normal form. */
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
    if (mark && mark.index > 0 && !changesValue(mark[1] ?? "")) {
      return { body: text.slice(0, mark.index), unit: canonicalUnit(`${name} ${mark[1] ?? ""}`) };
    }
  }
  const bare = BARE.exec(text) ?? GLUED.exec(text);
  const words = bare?.[2]?.toLowerCase().match(/[a-z]+/g) ?? [];
  const behind = bare && bare[2]! + (bare[3] ?? "");
  if (behind && words.length <= 5 && !changesValue(behind) && (/^[ap]\.?m\b/i.test(behind) || isWord(words[0]!))) {
    return { body: bare[1]!, unit: canonicalUnit(behind) };
  }
  return { body: text, unit: "" };
}

/** Units disagree only where both sides carry one. */
export const unitsAgree = (a: string, b: string): boolean => a === "" || b === "" || a === b;
