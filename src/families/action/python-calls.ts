import JSON5 from "json5";
import type { GivenCall } from "./calls.js";

/** Longest text that is looked through, in characters. */
const LONGEST = 20_000;
const NAME = /^[A-Za-z_][\w.-]{0,100}$/;
const WORDS: Readonly<Record<string, string>> = { True: "true", False: "false", None: "null" };

/**
 * Calls in Python's form, as Llama and Gemma write them: `[book(id=7), list()]`, one a line, or `print(book(id=7))`.
 *
 * @returns undefined where the text is anything else
 */
export function pythonCalls(text: string): GivenCall[] | undefined {
  const all = text.trim();
  if (all.length > LONGEST || !all.endsWith(")") === !all.endsWith("]")) return;
  const inner = all.startsWith("[") && all.endsWith("]") ? all.slice(1, -1) : all;
  const calls = split(inner, /[,;\n]/).map((part) => callIn(part.trim()));
  return calls.length > 0 && calls.every((call) => call !== undefined) ? calls : undefined;
}

function callIn(text: string): GivenCall | undefined {
  const open = text.indexOf("(");
  const name = text.slice(0, Math.max(open, 0)).trim();
  if (!NAME.test(name) || !text.endsWith(")")) return;
  const inner = text.slice(open + 1, -1).trim();
  if (name === "print") return callIn(inner);
  const args: [string, unknown][] = [];
  for (const part of inner === "" ? [] : split(inner, /,/)) {
    const [, key, value] = /^\s*([A-Za-z_]\w*)\s*=\s*([^]+)$/.exec(part) ?? [];
    if (key === undefined) return;
    const read = literal(value!.trim());
    if (read === undefined) return;
    args.push([key, read.value]);
  }
  return { name, args: Object.fromEntries(args) };
}

/** Python's literals that are JSON5's, too, but for three words. */
function literal(text: string): { value: unknown } | undefined {
  const spelled = text.replace(
    /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\b(?:True|False|None)\b/g,
    (found) => WORDS[found] ?? found,
  );
  try {
    return { value: JSON5.parse(spelled) };
  } catch {
    return undefined;
  }
}

/** The parts of a text between separators that stand in no bracket and no quotation; undefined brackets make one part. */
function split(text: string, separator: RegExp): string[] {
  const parts: string[] = [];
  let [start, depth, quote] = [0, 0, ""];
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (quote) {
      if (character === "\\") at++;
      else if (character === quote) quote = "";
    } else if (character === '"' || character === "'") quote = character;
    else if ("([{".includes(character)) depth++;
    else if (")]}".includes(character)) depth--;
    else if (depth === 0 && separator.test(character)) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)].filter((part) => part.trim() !== "");
}
