import { AIMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { Command, END, MemorySaver, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { createAgent, createMiddleware, providerStrategy, tool, toolStrategy } from "langchain";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { agentTranscript } from "../../src/integrations/agent-transcript.js";
import { copeErrorOf, copeMiddleware } from "../../src/integrations/middleware.js";
import { onceJournaled } from "../../src/integrations/tool-journal.js";
import { memoryJournal } from "../../src/models/journal.js";
import { scriptedModel, type ScriptedReply } from "../../src/testing/index.js";
import { acting, adder, advising, asking, calls, UNSURE } from "./agents.js";

const never = () => advising("never");

describe("structured output", () => {
  const Sum = z.object({ sum: z.number(), unit: z.string().default("apples") });
  const ending = (args: object): ScriptedReply => ({
    text: "",
    toolCalls: [{ name: "final_answer", args: args as Record<string, unknown> }],
  });
  const format = { zod: Sum, tool: toolStrategy(Sum), provider: providerStrategy(Sum) };

  it.each(["zod", "tool", "provider"] as const)(
    "is an action like any other, however it is asked for: by %s",
    async (form) => {
      const { add } = adder();
      const small = acting([calls(2, 3), ending({ sum: 5 })]);
      const agent = createAgent({
        model: small,
        tools: [add],
        responseFormat: format[form] as typeof format.zod,
        middleware: [copeMiddleware({ large: never() })],
      });
      const { structuredResponse, cope } = await agent.invoke(asking("2 + 3 apples?"));
      expect(structuredResponse).toEqual({ sum: 5, unit: "apples" });
      expect(cope!.bill).toMatchObject({ steps: 2, calls: small.asked.length, byStage: { small: 2 } });
      expect(small.asked[0]!.tools.map(({ name }) => name)).toEqual(["add", "final_answer"]);
      expect(small.asked[0]!.system).toContain("end by calling final_answer");
    },
  );

  it("what does not keep to the schema, or answers without it, never wins", async () => {
    const { add } = adder();
    const small = acting([["five", ending({ sum: "five" }), ...Array.from({ length: 6 }, () => ending({ sum: 5 }))]]);
    const agent = createAgent({
      model: small,
      tools: [add],
      responseFormat: Sum,
      middleware: [copeMiddleware({ large: never() })],
    });
    const { structuredResponse } = await agent.invoke(asking("2 + 3 apples?"));
    expect(structuredResponse).toMatchObject({ sum: 5 });
  });
});

it("calls that belong together are made together, whatever their order in the samples", async () => {
  const { add, added } = adder();
  const both = (first: [number, number], second: [number, number]): ScriptedReply => ({
    text: "",
    toolCalls: [first, second].map(([a, b]) => ({ name: "add", args: { a, b } })),
  });
  const flipped = Array.from({ length: 8 }, (_, i) => (i % 2 ? both([1, 2], [3, 4]) : both([3, 4], [1, 2])));
  const agent = createAgent({
    model: acting([flipped, flipped, "3 and 7"]),
    tools: [add],
    middleware: [copeMiddleware({ large: never() })],
  });
  const { messages, cope } = await agent.invoke(asking("1 + 2 and 3 + 4?"));
  expect(added).toHaveLength(2);
  expect((messages[1] as AIMessage).tool_calls).toHaveLength(2);
  expect(cope!.bill.byStage).toEqual({ small: 2 });
});

it("calls that a small model writes as text are made, and their text is not said again", async () => {
  const { add, added } = adder();
  const written = 'I add. <tool_call>{"name": "add", "arguments": {"a": 2, "b": 3}}</tool_call>';
  const agent = createAgent({
    model: acting([written, "5"]),
    tools: [add],
    middleware: [copeMiddleware({ large: never() })],
  });
  const { messages } = await agent.invoke(asking("2 + 3?"));
  expect(added).toEqual([{ a: 2, b: 3 }]);
  expect(messages[1]!.text).toBe("");
});

it("where no model names a step that can be taken, the agent ends in a coded error that says what was wrong", async () => {
  const { add } = adder();
  const wrong: ScriptedReply = { text: "", toolCalls: [{ name: "multiply", args: {} }] };
  const agent = createAgent({
    model: acting([wrong]),
    tools: [add],
    middleware: [copeMiddleware({ large: advising("Add.", [wrong]) })],
  });
  const error = await agent.invoke(asking("2 * 3?")).catch((thrown: unknown) => thrown);
  expect(copeErrorOf(error)).toMatchObject({ code: "MODEL_FAILED" });
  expect(copeErrorOf(new Error("another"))).toBeUndefined();
});

it("tools that a request leaves out are not offered", async () => {
  const { add } = adder();
  const small = acting(["hello"]);
  const bare = createMiddleware({
    name: "bare",
    wrapModelCall: (request, handler) => handler({ ...request, toolChoice: "none" }),
  });
  await createAgent({ model: small, tools: [add], middleware: [bare, copeMiddleware({ large: never() })] }).invoke(
    asking("hi"),
  );
  expect(small.asked[0]!.tools).toEqual([]);
});

it("where a request wants a call, an answer without one never wins; where it wants one tool, no other is offered", async () => {
  const { add, added } = adder();
  const other = tool(() => "", { name: "other", description: "Another.", schema: z.object({}) });
  const small = acting([["five", "five", ...Array.from({ length: 6 }, () => calls(2, 3))], "5"]);
  const toolChoice = { type: "function", function: { name: "add" } } as const;
  const first = createMiddleware({
    name: "first",
    wrapModelCall: (request, handler) => handler(request.messages.length === 1 ? { ...request, toolChoice } : request),
  });
  await createAgent({
    model: small,
    tools: [add, other],
    middleware: [first, copeMiddleware({ large: never(), stages: "majority" })],
  }).invoke(asking("2 + 3?"));
  expect(added).toEqual([{ a: 2, b: 3 }]);
  expect(small.asked[0]!.tools.map(({ name }) => name)).toEqual(["add"]);
  expect(small.asked.at(-1)!.tools.map(({ name }) => name)).toEqual(["add", "other"]);
});

it("in another graph an agent's step waits for a person, and goes on where it was", async () => {
  const { add, added } = adder();
  const small = acting([UNSURE, "5"], [calls(2, 3), "5"]);
  const agent = createAgent({
    model: small,
    tools: [add],
    middleware: [copeMiddleware({ large: advising("Add."), ask: { guideline: true } })],
  });
  const parent = new StateGraph(MessagesAnnotation)
    .addNode("agent", agent.graph as never)
    .addEdge(START, "agent")
    .addEdge("agent", END)
    .compile({ checkpointer: new MemorySaver() });
  const config = { configurable: { thread_id: "t" } };
  await parent.invoke({ messages: [new HumanMessage("2 + 3?")] }, config);
  const { tasks } = await parent.getState(config);
  expect(tasks[0]!.interrupts[0]!.value).toMatchObject({ asks: "guideline", guideline: "Add." });
  const drawn = small.asked.length;
  const { messages } = await parent.invoke(new Command({ resume: "approve" }), config);
  expect(messages.at(-1)!.text).toBe("5");
  expect(added).toEqual([{ a: 2, b: 3 }]);
  expect(small.asked[drawn]!.stage).toBe("guided");
});

it("usage of a message is that of the whole step, and its metadata tell stages and bill as plain JSON", async () => {
  const { add } = adder();
  const usage = { inputTokens: 100, outputTokens: 10 };
  const small = acting([{ text: "fine", usage }]);
  const agent = createAgent({ model: small, tools: [add], middleware: [copeMiddleware({ large: never() })] });
  const { messages } = await agent.invoke(asking("hi"));
  const { usage_metadata, response_metadata } = messages.at(-1) as AIMessage;
  const drawn = small.asked.length;
  expect(usage_metadata).toMatchObject({
    input_tokens: 100 * drawn,
    output_tokens: 10 * drawn,
    total_tokens: 110 * drawn,
  });
  const { cope } = response_metadata as { cope: { ledger: { calls: number } } };
  expect(JSON.parse(JSON.stringify(cope))).toEqual(cope);
  expect(cope.ledger.calls).toBe(drawn);
});

it("provisional work is seen in the modes updates and custom, and never as a message", async () => {
  const { add } = adder();
  const agent = createAgent({
    model: acting([UNSURE], [UNSURE]),
    tools: [add],
    middleware: [copeMiddleware({ large: advising("Add.", ["5"]) })],
  });
  const kinds = new Set<string>();
  const said: string[] = [];
  const stream = await agent.stream(asking("2 + 3?"), {
    streamMode: ["custom", "messages", "updates"],
    subgraphs: true,
  } as const);
  for await (const [, mode, chunk] of stream as AsyncIterable<[string[], string, any]>) {
    if (mode === "custom") kinds.add(chunk.kind);
    if (mode === "messages") said.push(chunk[0].text);
  }
  expect([...kinds]).toEqual(expect.arrayContaining(["plan", "sample", "verdict"]));
  expect(said).toEqual(["5"]);
});

describe("a journaled tool", () => {
  const asked = { thread: "t", toolCall: { id: "abc123def", name: "add", args: { a: 1, b: 2 } } };

  it("gives back messages and commands as they were", async () => {
    const message = new ToolMessage({
      content: "3",
      tool_call_id: "abc123def",
      artifact: { exact: true },
      status: "success",
    });
    const command = new Command({ update: { messages: [message], total: 3 }, goto: "model_request" });
    for (const outcome of [message, command]) {
      const journal = memoryJournal();
      await onceJournaled(journal, asked, async () => outcome);
      const again = await onceJournaled(journal, asked, async () => Promise.reject(new Error("run again")));
      expect(JSON.parse(JSON.stringify(again))).toEqual(JSON.parse(JSON.stringify(outcome)));
      expect(again.constructor.name).toBe(outcome.constructor.name);
    }
  });

  it("is run again, unmarked, where it failed; with other arguments it is another call", async () => {
    const journal = memoryJournal();
    await expect(onceJournaled(journal, asked, async () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    const result = (content: string) => async () => new ToolMessage({ content, tool_call_id: "abc123def" });
    const { response_metadata } = (await onceJournaled(journal, asked, result("3"))) as ToolMessage;
    expect(response_metadata).toEqual({});
    const other = { ...asked, toolCall: { ...asked.toolCall, args: { a: 1, b: 3 } } };
    expect(((await onceJournaled(journal, other, result("4"))) as ToolMessage).text).toBe("4");
  });

  it("is marked where it may have run before", async () => {
    const journal = memoryJournal();
    void onceJournaled(journal, asked, () => new Promise(() => {}));
    await new Promise(setImmediate);
    const result = async () => new ToolMessage({ content: "3", tool_call_id: "abc123def" });
    const { response_metadata } = (await onceJournaled(journal, asked, result)) as ToolMessage;
    expect(response_metadata).toEqual({ cope: { mayHaveRunBefore: 1 } });
  });
});

it("a transcript of an agent without the middleware tells its steps, too", async () => {
  const plain = tool(() => "3", { name: "count", description: "Counts.", schema: z.object({}) });
  const model = scriptedModel(({ messages }) =>
    messages.length > 1 ? "three" : { text: "", toolCalls: [{ name: "count" }] },
  );
  const { messages } = await createAgent({ model, tools: [plain] }).invoke(asking("How many?"));
  expect(agentTranscript(messages)).toBe("Asked: How many?\n\n1. > count {}\n   3\n\n2. three\n");
});
