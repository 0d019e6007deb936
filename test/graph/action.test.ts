import { AIMessage, HumanMessage, SystemMessage, ToolMessage, type BaseMessage } from "@langchain/core/messages";
import { describe, expect, it } from "vitest";
import { createCope } from "../../src/index.js";
import { scriptedModel, type FullReply, type Script } from "../../src/testing/index.js";
import { FakeModel } from "../support/fake-model.js";

const tools = [
  {
    name: "look_up",
    description: "Looks a word up.",
    schema: { type: "object", properties: { word: { type: "string" } }, required: ["word"] },
  },
];
const call = (word: unknown): FullReply => ({ text: "", toolCalls: [{ name: "look_up", args: { word } }] });
const answerOf = (value: unknown) => JSON.parse(String(value)) as unknown;

const run = async (small: Script, large: Script, input: object) => {
  const models = { small: scriptedModel(small), large: scriptedModel(large) };
  const state = await createCope(models)
    .compile()
    .invoke({ given: { tools }, ...input });
  return { ...models, ...state };
};
const GOAL = { purpose: "goal" as const, reply: "Find what the word means." };

describe("the next action, through the cascade", () => {
  it("is taken from the small model where its samples agree, tools being offered to executors alone", async () => {
    const { answer, small, large } = await run([GOAL, { stage: "solo", purpose: "execute", reply: call("tree") }], [], {
      question: "What is a tree?",
    });
    expect(answer).toMatchObject({ stage: "solo", confidence: expect.closeTo(0.75, 1) });
    expect(answerOf(answer!.value)).toEqual({ calls: [{ name: "look_up", args: { word: "tree" } }] });
    expect(large.asked).toEqual([]);
    for (const { purpose, tools: offered } of small.asked) expect(offered).toEqual(purpose === "execute" ? tools : []);
  });

  it("is asked for with a guideline where samples disagree, and taken over where they cannot be carried out", async () => {
    const replies = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => call(`word ${n}`));
    const { answer, stages, small, large } = await run(
      [
        GOAL,
        { stage: "solo", purpose: "execute", replies },
        { stage: "guided", purpose: "execute", reply: { text: "", brokenCalls: [{ name: "look_up", args: "{" }] } },
      ],
      [
        { purpose: "guideline", reply: "Look the noun up, without its article." },
        { stage: "takeover", purpose: "execute", reply: call("tree") },
      ],
      { question: "What is a tree?" },
    );
    expect(answer).toMatchObject({ stage: "takeover" });
    expect(answerOf(answer!.value)).toEqual({ calls: [{ name: "look_up", args: { word: "tree" } }] });
    expect(stages!.map(({ name }) => name)).toEqual(["solo", "guided", "takeover"]);
    const guided = small.asked.find(({ stage, purpose }) => stage === "guided" && purpose === "execute")!;
    expect(guided.user).toMatch(/Look the noun up, without its article\.$/);
    expect(large.asked.find(({ purpose }) => purpose === "guideline")!.tools).toEqual([]);
  });

  it("invalid calls never win, though more samples make them", async () => {
    const replies = [call(1), call(2), call("tree"), call({}), call("tree"), call([]), call(1), call(1)];
    const majority = createCope({
      small: scriptedModel([{ purpose: "execute", replies }]),
      stages: "majority",
    }).compile();
    const state = await majority.invoke({ question: "What is a tree?", given: { tools } });
    expect(answerOf(state.answer!.value)).toEqual({ calls: [{ name: "look_up", args: { word: "tree" } }] });
    expect(state.stages![0]).toMatchObject({ why: expect.stringMatching(/^2 of 6 drawn .* 4 unreadable/) });
  });

  it("goes on from an agent's messages: instructions, calls and results of whatever provider", async () => {
    const messages: BaseMessage[] = [
      new SystemMessage("You are Bo."),
      new HumanMessage("What is a tree?"),
      new AIMessage({
        content: [
          { type: "thinking", thinking: "secret", signature: "s" },
          { type: "tool_use", id: "toolu_1", name: "look_up", input: { word: "tree" } },
        ],
        tool_calls: [{ id: "toolu_1", name: "look_up", args: { word: "tree" } }],
      }),
      new ToolMessage({ content: "a plant", tool_call_id: "toolu_1", name: "look_up" }),
    ];
    const { answer, small } = await run([GOAL, { stage: "solo", purpose: "execute", reply: "A plant." }], [], {
      messages,
    });
    expect(answerOf(answer!.value)).toEqual({ answer: "A plant." });
    const asked = small.asked.find(({ purpose }) => purpose === "execute")!;
    expect(asked.messages).toEqual([
      { role: "system", content: "You are Bo." },
      { role: "user", content: "What is a tree?" },
      { role: "assistant", content: "", toolCalls: [{ id: "call00001", name: "look_up", args: { word: "tree" } }] },
      { role: "tool", content: "a plant", toolCallId: "call00001", name: "look_up" },
      ...asked.messages.slice(4),
    ]);
    expect(JSON.stringify(small.asked.map(({ messages: sent }) => sent))).not.toMatch(/secret|toolu_/);
  });

  it("a conversation that ends with a tool's result is no question for other families", async () => {
    const messages = [new HumanMessage("2 + 2?"), new ToolMessage({ content: "4", tool_call_id: "x" })];
    await expect(run([], [], { messages, given: {}, options: { family: "math" } })).rejects.toMatchObject({
      code: "TASK_INVALID",
    });
  });

  it("a model that cannot call tools is told before any paid call", async () => {
    const small = new FakeModel(() => "never asked");
    const cope = createCope({ small: small as never, large: scriptedModel([]) }).compile();
    await expect(cope.invoke({ question: "What is a tree?", given: { tools } })).rejects.toMatchObject({
      code: "ABILITY_MISSING",
      message: expect.stringContaining("tool calls (tools)"),
    });
    expect(small.asked).toEqual([]);
  });

  it("a budget that does not hold the tools' descriptions allows for no call", async () => {
    const huge = [{ ...tools[0]!, description: "x".repeat(30_000) }];
    const invoke = (given: Record<string, unknown>) =>
      createCope({
        small: scriptedModel([GOAL, { purpose: "execute", reply: call("tree") }]),
        large: scriptedModel([]),
        budget: { tokens: 25_000 },
      })
        .compile()
        .invoke({ question: "What is a tree?", given });
    await expect(invoke({ tools: huge })).rejects.toMatchObject({ code: "BUDGET_TOO_SMALL" });
    expect((await invoke({ tools })).answer!.value).toContain("look_up");
  });
});
