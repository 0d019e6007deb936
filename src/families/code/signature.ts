import type { Language } from "./task.js";

/** A parameter that a call has to give, with its annotation where it has one. */
export interface Parameter {
  type?: string;
}

/**
 * The parameters of a top-level function that have no default, in order; undefined where there is no such function, or it
 * takes any number of arguments.
 */
export function parametersOf(program: string, name: string, language: Language): Parameter[] | undefined {
  const escaped = name.replace(/\$/g, "\\$&");
  const heads: Record<Language, RegExp> = {
    python: new RegExp(
      `^(?:async[ \\t]+)?def[ \\t]+${escaped}[ \\t]*(?=\\()|^${escaped}[ \\t]*=[ \\t]*lambda\\b`,
      "gm",
    ),
    javascript: new RegExp(
      `^(?:async[ \\t]+)?function[ \\t]*\\*?[ \\t]*${escaped}[ \\t]*(?=\\()|^(?:const|let|var)[ \\t]+${escaped}[ \\t]*=[ \\t]*(?:async\\b[ \\t]*)?(?:function\\b[ \\t]*[\\w$]*[ \\t]*)?(?=[(\\w$])`,
      "gm",
    ),
  };
  // The last definition of a name is the one that counts.
  const found = [...program.matchAll(heads[language])].at(-1);
  if (!found) return undefined;
  const start = found.index + found[0].length;
  const after = program.slice(start, start + 2_000).replace(language === "python" ? /#.*/g : /\/\/.*/g, "");
  if (found[0].endsWith("lambda")) return parsed(split(after, ":"));
  if (after.startsWith("(")) return parsed(split(after.slice(1), ")"));
  return [{}];
}

/** The parts between commas up to the closing mark, brackets inside of them whole. */
function split(text: string, end: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const char of text) {
    if (depth === 0 && char === end) break;
    if ("([{".includes(char)) depth += 1;
    if (")]}".includes(char)) depth -= 1;
    if (depth === 0 && char === ",") parts.push("");
    else parts[parts.length - 1] += char;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

function parsed(parts: readonly string[]): Parameter[] | undefined {
  if (parts.some((part) => /^(?:\*\w|\.\.\.)/.test(part))) return undefined;
  const star = parts.indexOf("*");
  return (star < 0 ? parts : parts.slice(0, star))
    .filter((part) => part !== "/" && !/(?<![=!<>])=(?!=)/.test(part))
    .map((part) => {
      const type = /^\w+\s*:\s*(.+)$/s.exec(part)?.[1];
      return type === undefined ? {} : { type: type.replace(/\s+/g, "") };
    });
}
