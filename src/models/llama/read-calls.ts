import type { ToolCall } from "@langchain/core/messages/tool";
import { envelope, type CallFormat } from "./call-format.js";

/** The calls in a text, and the text without them. What looks like a call and is none stays text. */
export function readCalls(
  text: string,
  format: CallFormat,
  names: readonly string[],
): { content: string; calls: Omit<ToolCall, "id">[] } {
  const calls: Omit<ToolCall, "id">[] = [];
  let content = "";
  let from = 0;
  const { before, isJson } = envelope(format);
  for (;;) {
    const at = text.indexOf(before.trim(), from);
    if (at < 0) break;
    const inside = at + before.trim().length;
    const call = isJson ? jsonCall(text, inside) : spelledCall(text, inside, format.middle);
    if (!call || !names.includes(call.name)) {
      content += text.slice(from, inside);
      from = inside;
      continue;
    }
    content += text.slice(from, at);
    calls.push({ name: call.name, args: call.args, type: "tool_call" });
    const closing = (isJson ? format.closing.replace(/^\s*}/, "") : format.closing).trim();
    const after = text.slice(call.end).trimStart();
    from = closing !== "" && after.startsWith(closing) ? text.length - after.length + closing.length : call.end;
  }
  content += text.slice(from);
  const bare = calls.length === 0 ? bareCalls(text, names) : [];
  if (bare.length > 0) return { content: "", calls: bare };
  return { content: calls.length > 0 ? content.trim() : content, calls };
}

/**
 * Small coder models write calls as a block of code or as bare objects, and nothing else, in place of the marks they were shown;
 * and with doubled braces, at either end as many as they please, where their own template shows such.
 */
function bareCalls(text: string, names: readonly string[]): Omit<ToolCall, "id">[] {
  const inside = /^\s*```(?:json)?\s*([^]*?)\s*(?:```\s*)?$/.exec(text)?.[1] ?? text.trim();
  const isDoubled = /^\{\s*\{/.test(inside);
  const single = isDoubled ? inside.slice(1).trimStart() : inside;
  const between = isDoubled ? /^[\s}]*/ : /^\s*/;
  const calls: Omit<ToolCall, "id">[] = [];
  for (let from = 0; from < single.length; from += between.exec(single.slice(from))![0].length) {
    const call = jsonCall(single, from);
    if (!call || !names.includes(call.name) || typeof call.args !== "object") return [];
    calls.push({ name: call.name, args: call.args, type: "tool_call" });
    from = call.end;
  }
  return calls;
}

interface ReadCall {
  name: string;
  args: Record<string, unknown>;
  end: number;
}

function jsonCall(text: string, from: number): ReadCall | undefined {
  const object = jsonObject(text, from);
  const { name, arguments: args, parameters } = (object?.value ?? {}) as Record<string, unknown>;
  if (!object || typeof name !== "string") return undefined;
  return { name, args: (args ?? parameters ?? {}) as Record<string, unknown>, end: from + object.length };
}

function spelledCall(text: string, from: number, middle: string): ReadCall | undefined {
  const at = text.indexOf(middle, from);
  const object = at < 0 ? undefined : jsonObject(text, at + middle.length);
  if (!object) return undefined;
  return { name: text.slice(from, at).trim(), args: object.value, end: at + middle.length + object.length };
}

/** The JSON object that a text goes on with; undefined where it is none or not yet whole. */
export function jsonObject(text: string, from: number): { value: Record<string, unknown>; length: number } | undefined {
  const start = text.slice(from).search(/\S/);
  if (start < 0 || text[from + start] !== "{") return undefined;
  for (let end = text.indexOf("}", from); end >= 0; end = text.indexOf("}", end + 1)) {
    try {
      return { value: JSON.parse(text.slice(from, end + 1)), length: end + 1 - from };
    } catch {
      // A brace inside the object.
    }
  }
  return undefined;
}
