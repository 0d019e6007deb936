import { describe, expect, it } from "vitest";
import { createAction } from "../../../src/families/action/index.js";
import { textCalls } from "../../../src/families/action/text-calls.js";
import type { ActionTask } from "../../../src/families/action/task.js";
import type { ActionCall } from "../../../src/families/action/value.js";
import type { ReadReply, Unread } from "../../../src/families/types.js";
import type { Json } from "../../../src/state/json.js";
import type { ToolSpec } from "../../../src/state/tool.js";
import { ACT, BOOK, say } from "./tasks.js";

const LIST: ToolSpec = { name: "list", schema: { type: "object", properties: {} } };
const WRITE: ToolSpec = {
  name: "write",
  schema: { type: "object", properties: { text: { type: "string" } }, required: ["text"], additionalProperties: false },
  accepts: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
};
const task: ActionTask = { question: "Do it.", tools: [LIST, BOOK, WRITE] };
const family = createAction();
const read = (text: string, reply?: ReadReply, more: Partial<ActionTask> = {}) =>
  family.read(text, { ...task, ...more }, undefined, reply);
const called = (...list: { name: string; args?: object }[]): ReadReply => ({
  toolCalls: list.map(({ name, args = {} }, i) => ({ id: `call${i}`, name, args: args as never })),
});
const callsIn = (value: unknown): ActionCall[] => (value as { calls: ActionCall[] }).calls;

describe("calls that are made at once", () => {
  it("run in the order and as often as they were said, and are compared as a set", async () => {
    const said = [
      { name: "write", args: { text: "head" } },
      { name: "list" },
      { name: "list" },
      { name: "write", args: { text: "tail" } },
    ];
    const one = (await read("", called(...said)))!.value!;
    const other = (await read("", called(said[3]!, said[0]!, said[1]!)))!.value!;
    expect(callsIn(one).map(({ name }) => name)).toEqual(["write", "list", "list", "write"]);
    expect(await family.same(one, other)).toBe(true);
  });

  it("keep their arguments as they were written, and are compared by what they mean", async () => {
    const spare = (await read("", called({ name: "write", args: { text: "a", mode: "fast" } })))!.value!;
    const plain = (await read("", called({ name: "write", args: { text: "a" } })))!.value!;
    expect(callsIn(spare)[0]!.args).toEqual({ text: "a", mode: "fast" });
    expect(await family.same(spare, plain)).toBe(true);
    const short = (await read("", called({ name: "book", args: { id: 7 } })))!.value!;
    const long = (await read("", called({ name: "book", args: { seats: 1, id: 7 } })))!.value!;
    expect(callsIn(short)[0]!.args).toEqual({ id: 7 });
    expect(await family.same(short, long)).toBe(true);
  });

  it("that no tool takes never win; where nobody knows better the tools say so, once", async () => {
    const wrong = called({ name: "book", args: { id: "x" } });
    const first = await read("", wrong);
    expect(first).toEqual({
      why: "book: id must be integer",
      doubtful: { calls: [{ name: "book", args: { id: "x" } }] },
    });
    const history = [say("Do it."), ...ACT("book", { id: "x" }, "Error: no")];
    expect(await read("", wrong, { history })).toEqual({ why: "book: id must be integer" });
    expect(family.insist!({ ...task, history }, false, (first as Unread).doubtful)).toBeUndefined();
  });
});

const book = (id: number) => ({ name: "book", args: { id } });
const LISTED = [{ name: "list", args: {} }];

describe("calls in a text: all of them, in order, or none", () => {
  it.each<[form: string, text: string, calls: { name: string; args: unknown }[]]>([
    ["a mark", '<tool_call>{"name": "book", "arguments": {"id": 7}}</tool_call>', [book(7)]],
    [
      "two marks",
      '<tool_call>\n{"name": "book", "arguments": {"id": 8}}\n</tool_call>\n<tool_call>\n{"name": "book", "arguments": {"id": 7}}\n</tool_call>',
      [book(8), book(7)],
    ],
    ["a mark that is not closed", 'I will.<tool_call>{"name": "book", "arguments": {"id": 7}}', [book(7)]],
    [
      "two lines",
      '{"name": "book", "arguments": {"id": 1}}\n{"name": "book", "arguments": {"id": 2}}',
      [book(1), book(2)],
    ],
    [
      "two fences",
      '```json\n{"name": "list", "arguments": {}}\n```\nthen\n```json\n{"name": "book", "arguments": {"id": 2}}\n```',
      [...LISTED, book(2)],
    ],
    ["a list", '[{"name": "list", "arguments": {}}, {"name": "book", "parameters": {"id": 2}}]', [...LISTED, book(2)]],
    ["tool and args", '{"tool": "book", "args": {"id": 3}}', [book(3)]],
    ["tool_name and parameters", '{"tool_name": "book", "parameters": {"id": 3}}', [book(3)]],
    ["an action and its input", '{"action": "book", "action_input": {"id": 3}}', [book(3)]],
    ["OpenAI's form", '{"type": "function", "function": {"name": "book", "arguments": "{\\"id\\": 7}"}}', [book(7)]],
    ["a function by its name", '{"function": "book", "arguments": {"id": 7}}', [book(7)]],
    [
      "a wrapped list",
      '{"tool_calls": [{"name": "list", "arguments": {}}, {"name": "book", "arguments": {"id": 7}}]}',
      [...LISTED, book(7)],
    ],
    ["a name alone", '{"name": "list"}', LISTED],
    ["a name alone in a fence", 'Here:\n```json\n{"tool": "list"}\n```', LISTED],
    ["no arguments as a text", '{"name": "list", "arguments": ""}', LISTED],
    ["no arguments as null", '{"name": "list", "arguments": null}', LISTED],
    [
      "Python",
      '[write(text="a, b)"), book(id=3), list()]',
      [{ name: "write", args: { text: "a, b)" } }, book(3), ...LISTED],
    ],
    ["Python, alone", "list()", LISTED],
    ["Python in prose", "I do this:\n[book(id=3)]", [book(3)]],
    ["Python in a fence", "```tool_code\nprint(book(id=3))\n```", [book(3)]],
    [
      "Python's words",
      "[write(text='it\\'s', deep={'a': [True, None]})]",
      [{ name: "write", args: { text: "it's", deep: { a: [true, null] } } }],
    ],
    ["Llama's tag", '<|python_tag|>{"name": "book", "parameters": {"id": 3}}<|eom_id|>', [book(3)]],
    ["Llama's function", '<function=book>{"id": 3}</function>', [book(3)]],
    [
      "Qwen3-Coder's XML",
      "<tool_call>\n<function=write>\n<parameter=text>\na\nb\n</parameter>\n</function>\n</tool_call>\n<tool_call>\n<function=list>\n</function>\n</tool_call>",
      [{ name: "write", args: { text: "a\nb" } }, ...LISTED],
    ],
    [
      "Claude's XML",
      '<function_calls><invoke name="write"><parameter name="text">a</parameter></invoke><invoke name="list"></invoke></function_calls>',
      [{ name: "write", args: { text: "a" } }, ...LISTED],
    ],
    [
      "GLM's XML",
      "<tool_call>write\n<arg_key>text</arg_key>\n<arg_value>a</arg_value>\n</tool_call>",
      [{ name: "write", args: { text: "a" } }],
    ],
    ["ReAct", 'Thought: I book.\nAction: book\nAction Input: {"id": 3}', [book(3)]],
    [
      "Mistral's mark",
      '[TOOL_CALLS] [{"name": "list", "arguments": {}}, {"name": "book", "arguments": {"id": 7}}]',
      [...LISTED, book(7)],
    ],
  ])("%s: %s", (_, text, calls) => {
    expect(textCalls(text, task.tools!)).toEqual(calls);
  });

  it.each([
    [
      "the second of two lines cut off",
      '{"name": "book", "arguments": {"id": 1}}\n{"name": "book", "arguments": {"id"',
    ],
    ["the second fence cut off", '```json\n{"name": "list", "arguments": {}}\n```\n```json\n{"name": "book", "arg'],
    ["a list cut off", '[{"name": "list", "arguments": {}}, {"name": "book"'],
    ["a list of a call and something else", '[{"name": "list", "arguments": {}}, 5]'],
    ["Python cut off", '[book(id=3), write(text="a'],
    ["Python without names of arguments", "[book(3)]"],
    ["XML cut off", "<tool_call>\n<function=write>\n<parameter=text>\na"],
    ["the second XML cut off", '<invoke name="list"></invoke><invoke name="write"><parameter name="text">a'],
    ["fields beside the name", '{"name": "book", "id": 3}'],
    ["a mark without a call", "[TOOL_CALLS] book"],
    [
      "a second mark with something else",
      '<tool_call>{"name": "list", "arguments": {}}</tool_call><tool_call>book now</tool_call>',
    ],
    ["DeepSeek's marks", "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>book"],
    ["two steps of ReAct", "Action: list\nAction Input: {}\nObservation: a\nAction: book\nAction Input: {}"],
  ])("%s is no call and no answer", async (_, text) => {
    expect(textCalls(text, task.tools!)).toBe("broken");
    expect((await read(text))?.value).toBeUndefined();
  });

  it.each([
    'The record is {"name": "Ada", "age": 36}.',
    '{"name": "Ada"}',
    "[1, 2, 3]",
    "The list() of trains is empty, and book(s) are none.",
    'Use f(x) = 2, as {"tool": "hammer"} says.',
    "Action: none is needed.",
  ])("is an answer: %s", async (text) => {
    expect((await read(text))?.value).toEqual({ answer: text });
  });

  it.each([
    ["a missing argument", '{"name": "book"}'],
    ["an unknown tool beside a known one", '[{"name": "list", "arguments": {}}, {"name": "fly", "arguments": {}}]'],
    ["a mark with an unknown tool", '<tool_call>{"name": "fly", "arguments": {}}</tool_call>'],
  ])("%s makes the whole step invalid", async (_, text) => {
    expect((await read(text))?.value).toBeUndefined();
  });
});

describe("a history", () => {
  const parsed = (history: ActionTask["history"]) => family.task.parse({ ...task, history }).history;
  const [call, result] = ACT("book", { id: 1 }, "done") as [never, never];

  it("tells calls without a result as not run, in their place", () => {
    const two = { ...(call as object), toolCalls: [...ACTS, { id: "call00002", name: "list", args: {} }] } as never;
    expect(parsed([two, result, say("well?")])).toEqual([
      two,
      result,
      { role: "tool", content: "not run", toolCallId: "call00002", name: "list" },
      say("well?"),
    ]);
    expect(parsed([call, say("well?")])![1]).toMatchObject({ role: "tool", content: "not run", name: "book" });
  });

  it("puts results that came late behind their calls, and tells those without a call in words", () => {
    expect(parsed([call, say("well?"), result])).toEqual([call, result, say("well?")]);
    expect(parsed([result, say("well?")])).toEqual([
      { role: "assistant", content: "(book returned: done)" },
      say("well?"),
    ]);
    expect(parsed([call, result, result])![2]).toMatchObject({ role: "assistant" });
  });
});

const ACTS = [{ id: "call00001", name: "book", args: { id: 1 } as Json as never }];
