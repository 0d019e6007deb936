/** A backslash as JSON repeats it, at any depth, perhaps within an address. */
const BACKSLASH = String.raw`(?:\\|%(?:25)*5[cC])`;

/** Letters and digits of ASCII are written as they are, wherever they stand. */
const PLAIN = /^[A-Za-z0-9]$/;

/** How JSON may write a character after a backslash, other than by its number. */
const SHORT: Readonly<Record<string, string>> = { "\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f" };

/**
 * Finds these texts as they are written: plain, inside JSON at any depth, whichever characters its writer escapes, and inside
 * addresses and forms, escaped once or more. Undefined where there are none.
 */
export function privatePattern(texts: readonly string[]): RegExp | undefined {
  const known = [...new Set(texts)].filter((text) => text !== "").toSorted((a, b) => b.length - a.length);
  return known.length > 0 ? new RegExp(known.map(written).join("|"), "g") : undefined;
}

/** All ways of writing a text, character by character. */
function written(text: string): string {
  // Runs of backslashes are one: which of them escape others nobody can tell.
  return (text.match(/\\+|[\uD800-\uDBFF][\uDC00-\uDFFF]|[^\\]/g) ?? [])
    .map((part, i, all) => {
      if (part.startsWith("\\")) return `${BACKSLASH}{${part.length},}`;
      return PLAIN.test(part) ? part : character(part, all[i - 1]?.startsWith("\\") ?? false);
    })
    .join("");
}

function character(text: string, afterBackslash: boolean): string {
  const units = [...Array(text.length).keys()].map((i) => text.charCodeAt(i).toString(16).padStart(4, "0"));
  const escaped = units.map((unit) => `${BACKSLASH}+u${anyCase(unit)}`).join("");
  const bytes = [...Buffer.from(text.toWellFormed())].map(
    (byte) => `%(?:25)*${anyCase(byte.toString(16).padStart(2, "0"))}`,
  );
  const own = units.map((unit) => `\\u${unit}`).join("");
  // JSON may escape these two by themselves.
  const optional = /["/]/.test(text) && !afterBackslash ? `${BACKSLASH}*` : "";
  const forms = [`${optional}${own}`, escaped, `${optional}${bytes.join("")}`];
  if (SHORT[text]) forms.push(`${BACKSLASH}+${SHORT[text]}`);
  if (text === " ") forms.push(String.raw`\+`);
  return `(?:${forms.join("|")})`;
}

const anyCase = (hex: string) => hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
