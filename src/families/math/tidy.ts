import { closingBrace, MAX_ANSWER } from "./normalise.js";

/** Words that stand for an answer and are none: a model repeating the form it was asked for. */
const PLACEHOLDER =
  /^(?:(?:your |the |final |insert )*(?:answer|result|solution)(?: here)?|[.…?_]+|\\[lc]?dots|x{2,})$/i;

/** Delimiters around the whole text; what they hold must not contain the closing one. */
const WRAPPERS = [
  /^\$\$([^$]*)\$\$$/,
  /^\$([^$]+)\$$/,
  /^\\\(((?:(?!\\\)).)*)\\\)$/s,
  /^\\\[((?:(?!\\\]).)*)\\\]$/s,
  /^\*\*([^*]*)\*\*$/,
  /^`([^`]*)`$/,
];

/** Commands whose braces only dress what they hold. */
const DRESSED = /^\\(?:boxed|fbox|underline|text(?:bf|it|rm|normal)?|mbox|mathrm|mathbf) ?\{/;

/** Takes one layer away, or gives the text back as it is. */
function unwrapOnce(text: string): string {
  for (const wrapper of WRAPPERS) {
    const inside = wrapper.exec(text)?.[1];
    if (inside !== undefined) return inside;
  }
  const open = DRESSED.exec(text)?.[0].length;
  return open && closingBrace(text, open - 1) === text.length - 1 ? text.slice(open, -1) : text;
}

/**
 * An answer without what surrounds it: `$…$`, `\[…\]`, `\text{…}`, bold, spaces, a closing full stop.
 * @returns `undefined` when nothing readable is left, or too much: more than 400 characters.
 */
export function tidyAnswer(raw: string): string | undefined {
  // Wrappers need some room, but not without end.
  if (raw.length > 2 * MAX_ANSWER) return;
  let text = raw;
  // Each round takes a layer away; more layers than this nobody writes.
  for (let round = 0; round < 8; round++) {
    const inner = unwrapOnce(text.replace(/(?:\\[,;:! ](?![A-Za-z])|\s)+$/, "").replace(/^(?:\\[,;:! ]|\s)+/, ""))
      .trim()
      .replace(/(?<![.\\])[.,;:]$/, "");
    if (inner === text) break;
    text = inner;
  }
  if (text.length > MAX_ANSWER || PLACEHOLDER.test(text)) return;
  // Bare punctuation is no answer.
  return /[\p{L}\p{N}∞π∅]|\\(?:infty|pi|emptyset|varnothing|\{)/u.test(text) ? text : undefined;
}
