import { describe, expect, it } from "vitest";
import { TextHold } from "../../../src/models/llama/text-hold.js";
import { readCalls } from "../../../src/models/llama/read-calls.js";

const hermes = {
  opening: '<tool_call>\n{"name": "',
  middle: '", "arguments": ',
  closing: "}\n</tool_call>",
};
const spelled = { opening: "||call: ", middle: "(", closing: ")" };
const names = ["weather", "add"];

describe("tool calls in a text", () => {
  it("reads one call, and leaves the text around it", () => {
    const text = 'Let me see.\n<tool_call>\n{"name": "weather", "arguments": {"city": "Bern"}}\n</tool_call>';
    expect(readCalls(text, hermes, names)).toEqual({
      content: "Let me see.",
      calls: [{ name: "weather", args: { city: "Bern" }, type: "tool_call" }],
    });
  });

  it("reads parallel calls, whose arguments hold braces, quotes and the mark itself", () => {
    const args = { city: 'a } "b" </tool_call>' };
    const one = `<tool_call>\n${JSON.stringify({ name: "weather", arguments: args })}\n</tool_call>`;
    const two = '<tool_call>\n{"name": "add", "arguments": {"x": {"y": 1}}}\n</tool_call>';
    const { calls, content } = readCalls(`${one}\n${two}`, hermes, names);
    expect(calls.map((call) => call.args)).toEqual([args, { x: { y: 1 } }]);
    expect(content).toBe("");
  });

  it.each([
    ["a tool that nobody offered", '<tool_call>\n{"name": "rm", "arguments": {}}\n</tool_call>'],
    ["a call that is cut off", '<tool_call>\n{"name": "weather", "argum'],
    ["no JSON", "<tool_call>\nweather in Bern\n</tool_call>"],
    ["JSON that answers the question", '```json\n{"city": "Bern"}\n```'],
    ["a call that is only quoted", 'Write ```json\n{"name": "add", "arguments": {}}\n``` to add.'],
  ])("leaves %s as text", (_, text) => {
    expect(readCalls(text, hermes, names)).toEqual({ content: text, calls: [] });
  });

  it("takes an answer that is nothing but a call in a block of code for the call", () => {
    const text = '```json\n{"name": "weather", "arguments": {"city": "Bern"}}\n```';
    expect(readCalls(text, hermes, names).calls).toEqual([
      { name: "weather", args: { city: "Bern" }, type: "tool_call" },
    ]);
  });

  it.each([
    ["with the doubled braces of some templates", '{{"name": "weather", "arguments": {"city": "Bern"}}}', 1],
    ["with doubled braces that do not match", '{{"name": "weather", "arguments": {"city": "Bern"}}}}', 1],
    [
      "bare, one after another",
      '{"name": "weather", "arguments": {"city": "Bern"}}\n{"name": "weather", "arguments": {"city": "Bern"}}',
      2,
    ],
  ])("takes an answer that is nothing but calls, %s", (_, text, count) => {
    expect(readCalls(text, hermes, names)).toEqual({
      content: "",
      calls: Array.from({ length: count }, () => ({ name: "weather", args: { city: "Bern" }, type: "tool_call" })),
    });
  });

  it.each(['{"name": "weather", "arguments": {"city": "Bern"}} is what I would call.', "{{}}", "{}", "{{"])(
    "leaves %s as text",
    (text) => {
      expect(readCalls(text, hermes, names)).toEqual({ content: text, calls: [] });
    },
  );

  it("reads calls that are spelled like a function's", () => {
    expect(readCalls('||call: weather({"city": "Bern"})', spelled, names)).toEqual({
      content: "",
      calls: [{ name: "weather", args: { city: "Bern" }, type: "tool_call" }],
    });
  });
});

describe("text that streams beside tool calls", () => {
  const streamed = (pieces: readonly string[], plain: boolean) => {
    const told: string[] = [];
    const hold = new TextHold("<tool_call>", (piece) => told.push(piece));
    for (const piece of pieces) hold.push(piece);
    hold.end(plain);
    return told.join("");
  };

  it("tells what stands before a call and nothing of the call, however it is cut into pieces", () => {
    const text = "Let me see. <tool_call>{}";
    for (let size = 1; size <= text.length; size += 1) {
      const pieces = text.match(new RegExp(`[^]{1,${size}}`, "g"))!;
      expect(streamed(pieces, false)).toBe("Let me see. ");
    }
  });

  it("tells all where no call was found", () => {
    const text = "a < b, <tool, and <tool_call> is a mark";
    expect(streamed([...text], true)).toBe(text);
  });
});
