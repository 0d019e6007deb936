import type { ToolSpec } from "../../state/tool.js";
import { findJson } from "../choice/find-json.js";

/** A call as a text gives it, not yet checked. */
export interface TextCall {
  name: string;
  args: unknown;
}

/** How templates mark calls. What their servers fail to parse arrives as text. */
const MARKED = /<tool_call>([^]*?)(?:<\/tool_call>|(?=<tool_call>)|$)/g;
const MARK = /<\/?tool_call>|<\|tool_calls?|\[TOOL_CALLS\]|<function=|<\|python_tag\|>/;

/**
 * Calls that a model wrote into its text, as small ones do: between marks, or as an object `{"name": …, "arguments": …}` of a
 * tool there is.
 *
 * @returns `broken` where a call was meant and cannot be read: it must not count as an answer
 */
export function textCalls(text: string, tools: readonly ToolSpec[]): TextCall[] | "broken" | undefined {
  const marked = [...text.matchAll(MARKED)].map(([, inside]) => callsIn(findJson(inside!, ["{", "["])));
  if (marked.length > 0) return marked.includes(undefined) ? "broken" : marked.flatMap((calls) => calls!);
  const bare = callsIn(findJson(text, ["{", "["]));
  const names = new Set(tools.map(({ name }) => name));
  if (bare?.every(({ name }) => names.has(name))) return bare;
  const begun = /"name"\s*:\s*"([^"\n]{1,200})"[^]{0,40}"(?:arguments|parameters|args)"/.exec(text)?.[1];
  return MARK.test(text) || (begun !== undefined && names.has(begun)) ? "broken" : undefined;
}

function callsIn(value: unknown): TextCall[] | undefined {
  const list = Array.isArray(value) ? value : [value];
  const calls = list.map(callOf);
  return calls.length > 0 && calls.every((call) => call !== undefined) ? calls : undefined;
}

/** In the form of Qwen and Llama, or of OpenAI's protocol. */
function callOf(value: unknown): TextCall | undefined {
  if (typeof value !== "object" || value === null) return;
  const { name, arguments: args, parameters, args: short, function: inner } = value as Record<string, unknown>;
  if (typeof inner === "object" && inner !== null) return callOf(inner);
  const given = args ?? parameters ?? short;
  if (typeof name !== "string" || given === undefined) return;
  return { name, args: typeof given === "string" ? parsed(given) : given };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
