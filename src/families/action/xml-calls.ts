import type { GivenCall } from "./calls.js";

/** A call with its arguments as elements, as Qwen3-Coder, Claude and GLM write it. What is not closed ends with the text. */
const FORMS = [
  {
    call: /<function=([^>\s]{1,200})>([^]*?)(?:(<\/function>)|(?=<function=)|$)/gi,
    part: /<parameter=([^>\s]{1,200})>([^]*?)(?:<\/parameter>|(?=<parameter=)|$)/gi,
  },
  {
    call: /<invoke name=["']?([^>"']{1,200})["']?>([^]*?)(?:(<\/invoke>)|(?=<invoke)|$)/gi,
    part: /<parameter name=["']?([^>"']{1,200})["']?>([^]*?)(?:<\/parameter>|(?=<parameter)|$)/gi,
  },
  {
    call: /<tool_call>\s*([\w.-]{1,200})\s*(?=<arg_key>|<\/tool_call>|$)([^]*?)(?:(<\/tool_call>)|(?=<tool_call>)|$)/gi,
    part: /<arg_key>([^]*?)<\/arg_key>\s*<arg_value>([^]*?)(?:<\/arg_value>|$)/gi,
  },
] as const;

/**
 * Calls in a text whose arguments are elements, or one object of JSON.
 *
 * @returns undefined where there are none; `broken` where one is not closed or holds something else
 */
export function xmlCalls(text: string): GivenCall[] | "broken" | undefined {
  for (const { call, part } of FORMS) {
    const calls = [...text.matchAll(call)].map(([, name, inside, closed]): GivenCall | undefined => {
      const parts = [...inside!.matchAll(part)].map(([, key, value]) => [key!.trim(), valueOf(value!)] as const);
      const rest = inside!.replace(part, "").trim();
      const args = parts.length > 0 || rest === "" ? Object.fromEntries(parts) : objectIn(rest);
      const isWhole = closed !== undefined && (parts.length === 0 || rest === "");
      return isWhole && args !== undefined ? { name: name!.trim(), args } : undefined;
    });
    if (calls.length > 0) return calls.every((made) => made !== undefined) ? calls : "broken";
  }
  return undefined;
}

/** Texts stand there bare, everything else as JSON. Numbers are made of texts where a tool wants some. */
function valueOf(text: string): unknown {
  const value = text.replace(/^\n|\n$/g, "");
  return /^\s*[[{]/.test(value) ? (json(value) ?? value) : value;
}

function objectIn(text: string): unknown {
  return text.startsWith("{") ? json(text) : undefined;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
