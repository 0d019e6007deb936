import { AIMessage, AIMessageChunk, HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import { RunnableLambda } from "@langchain/core/runnables";
import { tool } from "@langchain/core/tools";
import { concat } from "@langchain/core/utils/stream";
import { createAgent } from "langchain";
import { expect } from "vitest";
import { z } from "zod";
import type { Point, Subject } from "../chat-model-contract.js";

const Numbers = z.object({ a: z.number().int().min(0).max(99), b: z.number().int().min(0).max(99) });
const add = tool(({ a, b }) => String(a + b), { name: "add", description: "Adds two numbers.", schema: Numbers });
const now = tool(() => "noon", { name: "now", description: "Says what time it is.", schema: z.object({}) });
const QUESTION = "What is 3 plus 4? Use the tool.";

type ToolList = Parameters<NonNullable<ReturnType<Subject["create"]>["bindTools"]>>[0];

const bound = ({ create, toolTokens }: Subject, tools: ToolList, tool_choice = "any") =>
  create({ maxTokens: toolTokens }).bindTools!(tools, { tool_choice });

const numbersOf = (message: AIMessage | AIMessageChunk) => {
  expect(message.invalid_tool_calls ?? []).toEqual([]);
  const call = message.tool_calls![0]!;
  expect(call).toMatchObject({ type: "tool_call", name: "add", id: expect.stringMatching(/./) });
  return Numbers.parse(call.args);
};

const streamed = async (model: ReturnType<typeof bound>, input: Parameters<typeof model.invoke>[0] = QUESTION) => {
  const chunks: AIMessageChunk[] = [];
  for await (const chunk of await model.stream(input)) chunks.push(chunk);
  return { chunks, whole: chunks.reduce((all, chunk) => concat(all, chunk)) };
};

const call = (id: string, args: Record<string, unknown> = { a: 3, b: 4 }, name = "add") =>
  new AIMessage({ content: "", tool_calls: [{ type: "tool_call", id, name, args }] });
const result = (id: string, content: ToolMessage["content"] = "7") =>
  new ToolMessage({ tool_call_id: id, name: "add", content });

const history = (content: ToolMessage["content"]): Point =>
  async function answered(subject) {
    const model = bound(subject, [add], "none");
    const messages = [new HumanMessage(QUESTION), call("1"), result("1", content)];
    const answer = await model.invoke(messages, { maxTokens: 6 } as never);
    expect(answer.text).not.toBe("");
    expect(answer.tool_calls ?? []).toEqual([]);
  };

/** Tools: calls of them, their results, and choices among them. */
export const tools: Record<string, Point> = {
  "calls a tool with arguments of its schema": async (subject) => {
    const answer = await bound(subject, [add]).invoke(QUESTION);
    numbersOf(answer);
    expect(answer.response_metadata).toMatchObject({ finish_reason: "tool_calls" });
    expect(answer.usage_metadata?.output_tokens).toBeGreaterThan(1);
  },
  "streams a call of a tool in chunks that join to it": async (subject) => {
    const { chunks, whole } = await streamed(bound(subject, [add]));
    expect(chunks.some(({ tool_call_chunks }) => tool_call_chunks && tool_call_chunks.length > 0)).toBe(true);
    numbersOf(whole);
    expect(whole.usage_metadata?.output_tokens).toBeGreaterThan(1);
  },
  "calls a tool without arguments": async (subject) => {
    const answer = await bound(subject, [now]).invoke("What time is it?");
    expect(answer.tool_calls).toEqual([expect.objectContaining({ name: "now", args: {} })]);
  },
  "calls a tool that is a runnable": async (subject) => {
    const runnable = RunnableLambda.from(({ a, b }: z.infer<typeof Numbers>) => String(a + b));
    const asTool = runnable.asTool({ name: "add", description: "Adds two numbers.", schema: Numbers });
    numbersOf(await bound(subject, [asTool]).invoke(QUESTION));
  },
  "calls a tool given in OpenAI's form": async (subject) => {
    const parameters = z.toJSONSchema(Numbers);
    const openai = { type: "function", function: { name: "add", description: "Adds two numbers.", parameters } };
    numbersOf(await bound(subject, [openai]).invoke(QUESTION));
  },
  "calls a tool given by name and schema alone": async (subject) => {
    numbersOf(await bound(subject, [{ name: "add", description: "Adds.", schema: Numbers }]).invoke(QUESTION));
  },
  "calls a tool with fields that may hold anything": async (subject) => {
    const schema = z.object({ kind: z.enum(["a", "b"]), more: z.record(z.string(), z.unknown()).optional() });
    const anything = tool(() => "", { name: "note", description: "Takes a note of a kind.", schema });
    const answer = await bound(subject, [anything]).invoke("Take a note of kind a.");
    expect(schema.safeParse(answer.tool_calls![0]!.args).success).toBe(true);
  },
  "calls the tool that is named, of several": async (subject) => {
    const answer = await bound(subject, [add, now], "now").invoke(QUESTION);
    expect(answer.tool_calls!.map(({ name }) => name)).toEqual(["now"]);
  },
  "calls no tool where none may be called": async (subject) => {
    const answer = await bound(subject, [add], "none").invoke("Say hello.");
    expect(answer.tool_calls ?? []).toEqual([]);
    expect(answer.text).not.toBe("");
  },
  "answers, or calls a tool by its schema, where it may choose": async (subject) => {
    const answer = await bound(subject, [add, now], "auto").invoke("Say hello.");
    for (const { name } of answer.tool_calls ?? []) expect(["add", "now"]).toContain(name);
    expect(answer.text !== "" || answer.tool_calls!.length > 0).toBe(true);
  },
  "refuses a choice of a tool it was not given": async (subject) => {
    const run = async () => bound(subject, [add], "fly").invoke(QUESTION);
    await expect(run()).rejects.toMatchObject({ code: "OPTIONS_INVALID", message: expect.stringContaining("fly") });
  },
  "reads a tool's result that is text": history("7"),
  "reads a tool's result that is blocks": history([{ type: "text", text: "7" }]),
  "reads a tool's failure": async (subject) => {
    const failed = new ToolMessage({ tool_call_id: "1", name: "add", content: "no numbers", status: "error" });
    const messages = [new HumanMessage(QUESTION), call("1"), failed];
    expect((await bound(subject, [add], "none").invoke(messages)).text).not.toBe("");
  },
  "reads several calls in one message, and their results": async (subject) => {
    const two = new AIMessage({ content: "", tool_calls: [...call("1").tool_calls!, ...call("2").tool_calls!] });
    const messages = [new HumanMessage(QUESTION), two, result("1"), result("2")];
    expect((await bound(subject, [add], "none").invoke(messages)).text).not.toBe("");
  },
  "reads a call that came beside text in blocks": async (subject) => {
    const content = [
      { type: "text", text: "I add." },
      { type: "tool_use", id: "1", name: "add", input: { a: 3, b: 4 } },
    ];
    const message = new AIMessage({ content: content as never, tool_calls: call("1").tool_calls! });
    const messages = [new HumanMessage(QUESTION), message, result("1")];
    expect((await bound(subject, [add], "none").invoke(messages)).text).not.toBe("");
  },
  "reads examples of calls before the question": async (subject) => {
    const example = [new HumanMessage("1 plus 2?"), call("0", { a: 1, b: 2 }), result("0", "3"), new AIMessage("3")];
    const messages = [new SystemMessage("Use the tools."), ...example, new HumanMessage(QUESTION)];
    numbersOf(await bound(subject, [add]).invoke(messages));
  },
  "reads its own call back, invoked and streamed": async (subject) => {
    const model = bound(subject, [add]);
    for (const own of [await model.invoke(QUESTION), (await streamed(model)).whole]) {
      const messages = [new HumanMessage(QUESTION), own, result(own.tool_calls![0]!.id!)];
      const { whole } = await streamed(bound(subject, [add], "none"), messages);
      expect(whole.text).not.toBe("");
    }
  },
  "writes text of any script into arguments": async (subject) => {
    const schema = z.object({ city: z.enum(["Zürich", "東京"]) });
    const visit = tool(() => "", { name: "visit", description: "Visits a city.", schema });
    const { whole } = await streamed(bound(subject, [visit]), "Visit 東京.");
    expect(schema.safeParse(whole.tool_calls![0]!.args).success).toBe(true);
  },
  "runs in an agent's loop until it answers": async ({ create, toolTokens }) => {
    const agent = createAgent({ model: create({ maxTokens: toolTokens }), tools: [add] });
    const { messages } = await agent.invoke({ messages: [new HumanMessage(QUESTION)] }, { recursionLimit: 12 });
    expect(messages.at(-1)).toBeInstanceOf(AIMessage);
  },
  "refuses a tool's result that answers no call": async (subject) => {
    const run = bound(subject, [add], "none").invoke([new HumanMessage(QUESTION), result("9")]);
    await expect(run).rejects.toMatchObject({ code: "REQUEST_REJECTED" });
  },
};
