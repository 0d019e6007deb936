/**
 * Cuts a text at a separator, but not inside brackets or braces.
 * @param separator - sticky pattern (flag `y`).
 * @returns the parts with the separators between them: part, separator, part, …
 */
export function splitTop(text: string, separator: RegExp): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if ("([{".includes(char)) depth++;
    else if (")]}".includes(char)) depth--;
    else if (depth === 0) {
      // Sticky: the separator must begin right here.
      separator.lastIndex = i;
      const found = separator.exec(text)?.[0];
      if (!found) continue;
      parts.push(text.slice(start, i), found);
      start = i + found.length;
      i = start - 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

/** The parts alone, trimmed. */
export const partsOf = (text: string, separator: RegExp): string[] =>
  splitTop(text, separator)
    .filter((_, i) => i % 2 === 0)
    .map((part) => part.trim());

/** Whether the bracket that opens the text closes at its very end. */
export function isEnclosed(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if ("([{".includes(text[i]!)) depth++;
    else if (")]}".includes(text[i]!) && --depth === 0) return i === text.length - 1;
  }
  return false;
}

/** Commands and letters that stand for a number or a function of numbers. */
const CONSTANT = /\\(?:frac|sqrt|cdot|pi|infty|ln|log|sin|cos|tan|cot|binom|circ)(?![a-z])|[ei](?![a-z])/g;

/** Whether a formula has a name in it that is no known constant or function. */
export const hasVariable = (latex: string): boolean => /[A-Za-z]/.test(latex.replace(CONSTANT, ""));
