import type { ToolSpec } from "../../state/tool.js";
import { jsonIn } from "../choice/find-json.js";
import { isObject } from "../choice/canonical.js";
import type { GivenCall } from "./calls.js";
import { pythonCalls } from "./python-calls.js";
import { xmlCalls } from "./xml-calls.js";

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
