import JSON5 from "json5";

/** How much of a text's end is looked at, in characters. */
const TAIL = 40_000;
/** Objects tried, from the last. */
const MAX_TRIES = 10;

/**
 * The last JSON object or list in a text, in a fence or not. Read as JSON, else as JSON5: comments, trailing commas, single
 * quotes and bare keys lose nothing. What is cut off or has a part missing is not completed.
 *
 * @param open - `{` for objects, `[` for lists; both where either will do
 */
export function findJson(text: string, open: readonly ("{" | "[")[]): unknown {
  const tail = text.slice(-TAIL);
  const spans = balanced(tail).filter(([start]) => (open as readonly string[]).includes(tail[start]!));
  for (const [start, end] of spans.slice(-MAX_TRIES).toReversed()) {
    const value = parse(tail.slice(start, end));
    if (value !== undefined) return value;
  }
  return undefined;
}

function parse(text: string): unknown {
  for (const parser of [JSON, JSON5]) {
    try {
      return parser.parse(text) as unknown;
    } catch {
      // Braces of prose or of a program: another span may be JSON.
    }
  }
  return undefined;
}

/** The outermost spans that open and close, in order. One pass, whatever the text is. */
function balanced(text: string): [start: number, end: number][] {
  const open: number[] = [];
  const found: [number, number][] = [];
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    // A quotation in JSON ends with its line, so a stray quotation mark of prose does, too.
    if (character === "\n") quoted = false;
    else if (quoted && character === "\\") at++;
    else if (character === '"' && open.length > 0) quoted = !quoted;
    else if (quoted) continue;
    else if (character === "{" || character === "[") open.push(at);
    else if (character === "}" || character === "]") {
      const start = open.pop();
      if (start === undefined || text[start] !== (character === "}" ? "{" : "[")) {
        open.length = 0;
        continue;
      }
      while (found.length > 0 && found.at(-1)![0] > start) found.pop();
      found.push([start, at + 1]);
    }
  }
  return found;
}
