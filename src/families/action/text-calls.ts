import JSON5 from "json5";
import type { ToolSpec } from "../../state/message.js";
import { jsonIn } from "../choice/find-json.js";
import { isObject } from "../choice/canonical.js";
import type { GivenCall } from "./calls.js";

/** How templates mark calls. What their servers fail to parse arrives as text. */
const MARK =
  /<\/?(?:tool_calls?|function_calls?|invoke|toolcall)\b|<function=|<parameter=|<\|(?:tool|python_tag|function|channel)|\[(?:TOOL_CALLS|ARGS)\]|<[｜|]tool[▁_]|```(?:tool_code|tool_calls?)\b/i;
/** A block that holds one call in JSON, or several. */
const BLOCK = /<(tool_call|toolcall|function_call)>([^]*?)(?:<\/\1>|(?=<\1>)|$)/gi;
/** A text that is one fence, or one mark, and what it holds. */
const WRAPPED = /^\s*(?:```[\w-]*\n([^]*?)\n?```|<\|python_tag\|>([^]*?)(?:<\|e(?:om|ot)_id\|>)?)\s*$/;

/**
 * Calls that a model wrote into its text, as small ones do, in the forms that models were taught: between marks, as JSON with a tool's
 * name and arguments (once or often, in fences or lists), as XML, as Python, and as "Action: … Action Input: …".
 *
 * @returns all of them in order; `broken` where a call was meant and not all can be read: it must not count as an answer
 */
export function textCalls(text: string, tools: readonly ToolSpec[]): GivenCall[] | "broken" | undefined {
  const names = new Set(tools.map(({ name }) => name));
  const isKnown = ({ name }: GivenCall) => names.has(name);
  const [, fenced, tagged] = WRAPPED.exec(text) ?? [];
  const python = pythonCalls(fenced ?? tagged ?? text) ?? text.split("\n").flatMap((line) => pythonCalls(line) ?? []);
  if (python.some(isKnown)) return begunInPython(text, names) > python.length ? "broken" : python;
  const found = xmlCalls(text) ?? blockCalls(text) ?? reActCall(text, names) ?? jsonCalls(text, isKnown);
  if (found === "broken") return found;
  const begun = text.match(BEGUN)?.map((said) => /"([^"\n]*)"$/.exec(said)![1]!) ?? [];
  if (found) return begun.filter((name) => names.has(name)).length > found.filter(isKnown).length ? "broken" : found;
  const isBegun = MARK.test(text) || begun.some((name) => names.has(name)) || begunInPython(text, names) > 0;
  return isBegun ? "broken" : undefined;
}

/** A call's name in JSON, not in a text inside of JSON. Of more names than calls some call is cut off. */
const BEGUN = /(?<!\\)"(?:name|tool|tool_name|function|function_name|action)"\s*:\s*"[^"\n]{1,200}"/g;

/** How many calls in Python's form begin at a line's beginning or in a list. */
const begunInPython = (text: string, names: ReadonlySet<string>): number =>
  [...text.matchAll(/(?:^[^\S\n]*|\[\s*|\),\s*)([A-Za-z_][\w.-]{0,100})\(/gm)].filter(([, name]) => names.has(name!))
    .length;

function blockCalls(text: string): GivenCall[] | "broken" | undefined {
  const blocks = [...text.matchAll(BLOCK)].map(([, , inside]) => jsonIn(inside!, ["{", "["]).map(callsOf));
  if (blocks.length === 0) return;
  const isWhole = blocks.every((calls) => calls.length > 0 && !calls.includes(undefined));
  return isWhole ? blocks.flat(2).map((call) => call!) : "broken";
}

/** Unmarked, only what names a tool there is can be a call: answers may be JSON, too. */
function jsonCalls(text: string, isKnown: (call: GivenCall) => boolean): GivenCall[] | "broken" | undefined {
  const values = jsonIn(text, ["{", "["]).map((value) => ({ value, calls: callsOf(value) }));
  const calls = values.flatMap((found) => found.calls ?? []);
  if (calls.some(isKnown)) return calls;
  const named = values.some(({ value }) => [value].flat().some((one) => isObject(one) && isKnown(nameOnly(one))));
  return named ? "broken" : undefined;
}

const NAME = ["name", "tool", "tool_name", "function", "function_name", "action"] as const;
const ARGS = ["arguments", "args", "parameters", "params", "input", "tool_input", "action_input"] as const;
/** What may stand, as a text, in a call beside its name where it has no arguments. */
const BARE: ReadonlySet<string> = new Set([...NAME, "type", "id"]);

/** The calls that a JSON value is; undefined where it, or an item of it, is none. */
function callsOf(value: unknown): GivenCall[] | undefined {
  const wrapped = isObject(value) ? (value["tool_calls"] ?? value["calls"]) : undefined;
  const calls = (Array.isArray(value) ? value : Array.isArray(wrapped) ? wrapped : [value]).map(callOf);
  return calls.length > 0 && calls.every((call) => call !== undefined) ? calls : undefined;
}

function callOf(value: unknown): GivenCall | undefined {
  if (!isObject(value)) return;
  if (isObject(value["function"])) return callOf(value["function"]);
  const { name } = nameOnly(value);
  if (name === "") return;
  const key = ARGS.find((one) => value[one] !== undefined);
  if (key === undefined)
    return Object.entries(value).every(([one, said]) => BARE.has(one) && typeof said === "string")
      ? { name, args: {} }
      : undefined;
  const given = value[key];
  return { name, args: typeof given === "string" ? parsed(given) : (given ?? {}) };
}

function nameOnly(value: Record<string, unknown>): GivenCall {
  const name = NAME.map((key) => value[key]).find((found) => typeof found === "string");
  return { name: (name as string | undefined) ?? "", args: undefined };
}

/** Arguments that came as a text of JSON. Nothing at all is no arguments. */
function parsed(text: string): unknown {
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

const ACTION = /^[^\S\n]*\**action\**[^\S\n]*:\**[^\S\n]*([\w.-]{1,100})[^\S\n]*$/gim;
const INPUT = /^[^\S\n]*\**action input\**[^\S\n]*:([^]*)$/im;

/** One call in the words of ReAct. Several would be followed by results that the model made up. */
function reActCall(text: string, names: ReadonlySet<string>): GivenCall[] | "broken" | undefined {
  const actions = [...text.matchAll(ACTION)].filter(([, name]) => names.has(name!));
  const input = INPUT.exec(text)?.[1];
  if (actions.length === 0) return;
  if (actions.length > 1) return "broken";
  const args = input === undefined || input.trim() === "" ? {} : jsonIn(input, ["{"])[0];
  return args === undefined ? "broken" : [{ name: actions[0]![1]!, args }];
}

/** Longest text that is looked through, in characters. */
const LONGEST = 20_000;
const PYTHON_NAME = /^[A-Za-z_][\w.-]{0,100}$/;
const WORDS: Readonly<Record<string, string>> = { True: "true", False: "false", None: "null" };

/**
 * Calls in Python's form, as Llama and Gemma write them: `[book(id=7), list()]`, one a line, or `print(book(id=7))`.
 *
 * @returns undefined where the text is anything else
 */
function pythonCalls(text: string): GivenCall[] | undefined {
  const all = text.trim();
  if (all.length > LONGEST || !all.endsWith(")") === !all.endsWith("]")) return;
  const inner = all.startsWith("[") && all.endsWith("]") ? all.slice(1, -1) : all;
  const calls = split(inner, /[,;\n]/).map((part) => callIn(part.trim()));
  return calls.length > 0 && calls.every((call) => call !== undefined) ? calls : undefined;
}

function callIn(text: string): GivenCall | undefined {
  const open = text.indexOf("(");
  const name = text.slice(0, Math.max(open, 0)).trim();
  if (!PYTHON_NAME.test(name) || !text.endsWith(")")) return;
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
function xmlCalls(text: string): GivenCall[] | "broken" | undefined {
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
