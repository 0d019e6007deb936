import { AIMessage, AIMessageChunk } from "@langchain/core/messages";
import { expect, it } from "vitest";
import { replyCalls } from "../../src/models/reply-calls.js";

const call = (name: string, args: unknown, id = name) => ({
  name,
  args: args as never,
  id,
  type: "tool_call" as const,
});
const invalid = (name: string, args: string, id = name) => ({ name, args, id, type: "invalid_tool_call" as const });
const names = (message: AIMessage) => replyCalls(message).made.map(({ name, args }) => [name, args]);

it.each(["", "  ", "null", "{}", "{ }"])("arguments %j are none, and the call is made in its place", (args) => {
  const message = new AIMessage({
    content: "",
    tool_calls: [call("write", { text: "a" })],
    invalid_tool_calls: [invalid("list", args)],
    additional_kwargs: { tool_calls: [{ id: "list" }, { id: "write" }] as never },
  });
  expect(names(message)).toEqual([
    ["list", {}],
    ["write", { text: "a" }],
  ]);
  expect(replyCalls(message).broken).toEqual([]);
});

it.each([
  ["[1]", [1]],
  ["5", 5],
  ['"all"', "all"],
])("arguments that are no object are broken: %s", (_, args) => {
  const { made, broken } = replyCalls(new AIMessage({ content: "", tool_calls: [call("list", args)] }));
  expect(made).toEqual([]);
  expect(broken).toHaveLength(1);
});

it("arguments that came as a text once more are read", () => {
  expect(names(new AIMessage({ content: "", tool_calls: [call("book", '{"id": 7}')] }))).toEqual([["book", { id: 7 }]]);
});

it("what is no JSON stays broken", () => {
  const { made, broken } = replyCalls(new AIMessage({ content: "", invalid_tool_calls: [invalid("book", '{"id": ')] }));
  expect([made, broken]).toEqual([[], [{ name: "book", args: '{"id": ' }]]);
});

const streamed = (...pieces: string[]) =>
  pieces
    .map(
      (args, i) =>
        new AIMessageChunk({
          content: "",
          tool_call_chunks: [
            { name: i ? undefined : "pay", args, id: i ? undefined : "a", index: 0, type: "tool_call_chunk" },
          ] as never,
        }),
    )
    .reduce((whole, piece) => whole.concat(piece));

it("a streamed call whose JSON does not end is broken, though LangChain completes it", () => {
  const cut = streamed('{"amount"', ": 10");
  expect(cut.tool_calls).toMatchObject([{ name: "pay", args: { amount: 10 } }]);
  expect(replyCalls(cut)).toEqual({ made: [], broken: [{ name: "pay", args: '{"amount": 10' }] });
  expect(names(streamed('{"amount"', ": 1000}"))).toEqual([["pay", { amount: 1000 }]]);
  expect(names(streamed(""))).toEqual([["pay", {}]]);
});
