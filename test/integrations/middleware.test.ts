import type { AIMessage } from "@langchain/core/messages";
import { MemorySaver } from "@langchain/langgraph";
import { createAgent } from "langchain";
import { describe, expect, it } from "vitest";
import { copeMiddleware } from "../../src/integrations/middleware.js";
import type { StepReport } from "../../src/integrations/step-message.js";
import { scriptedModel } from "../../src/testing/index.js";
import { acting, adder, advising, asking, calls, UNSURE } from "./agents.js";

const reportsIn = (messages: readonly { getType(): string; response_metadata: object }[]): StepReport[] =>
  messages.flatMap((message) =>
    message.getType() === "ai" ? [(message.response_metadata as { cope: StepReport }).cope] : [],
  );

describe("copeMiddleware", () => {
  it("lets the agent's own model act while its sampled next actions agree: the large one is not asked", async () => {
    const { add, added } = adder();
    const small = acting([calls(2, 3), "The sum is 5."]);
    const large = advising("never");
    const agent = createAgent({ model: small, tools: [add], middleware: [copeMiddleware({ large })] });
    const { messages, cope } = await agent.invoke(asking("What is 2 + 3?"));
    expect(messages.map((message) => [message.getType(), message.text])).toEqual([
      ["human", "What is 2 + 3?"],
      ["ai", ""],
      ["tool", "5"],
      ["ai", "The sum is 5."],
    ]);
    expect(added).toEqual([{ a: 2, b: 3 }]);
    expect(large.asked).toHaveLength(0);
    expect(reportsIn(messages)).toMatchObject([
      { stage: "small", confidence: 0.5 },
      { stage: "small", confidence: 0.5 },
    ]);
    expect(cope).toMatchObject({ bill: { steps: 2, byStage: { small: 2 } } });
    expect(cope!.guideline).toBeUndefined();
  });

  it("asks for a guideline at the step where they do not agree, and shows it at later steps", async () => {
    const { add, added } = adder();
    const small = acting([UNSURE, calls(5, 4), "9"], [calls(2, 3), calls(5, 4), "9"]);
    const large = advising("Add the first two numbers.");
    const agent = createAgent({ model: small, tools: [add], middleware: [copeMiddleware({ large })] });
    const { messages, cope } = await agent.invoke(asking("What is 2 + 3 + 4?"));
    expect(added).toEqual([
      { a: 2, b: 3 },
      { a: 5, b: 4 },
    ]);
    expect(large.asked).toHaveLength(1);
    expect(reportsIn(messages).map(({ stage }) => stage)).toEqual(["guided", "small", "small"]);
    expect(cope!.guideline).toEqual({ text: "Add the first two numbers.", by: "large", step: 1 });
    const last = small.asked.at(-1)!;
    expect(last.messages.some(({ content }) => content.includes("Add the first two numbers."))).toBe(true);
  });

  it("lets the large model take the one step that the guideline does not settle", async () => {
    const { add, added } = adder();
    const small = acting([UNSURE, "5"], [UNSURE, "5"]);
    const large = advising("Add.", [calls(2, 3)]);
    const agent = createAgent({ model: small, tools: [add], middleware: [copeMiddleware({ large })] });
    const { messages, cope } = await agent.invoke(asking("What is 2 + 3?"));
    expect(added).toEqual([{ a: 2, b: 3 }]);
    expect(reportsIn(messages).map(({ stage }) => stage)).toEqual(["takeover", "small"]);
    expect(cope!.bill.byStage).toEqual({ takeover: 1, small: 1 });
    expect(large.asked.map(({ purpose }) => purpose)).toEqual(["guideline", "execute"]);
  });

  it("asks a model that only repeats its last call for the answer, and the large one not at all", async () => {
    const { add, added } = adder();
    const small = scriptedModel(({ messages, tools }) => {
      if (!tools?.length) return `They are ${/add returned: (\d+)/.exec(messages.at(-1)!.content)![1]}.`;
      return calls(2, 3);
    });
    const large = advising("never");
    const agent = createAgent({
      model: small,
      tools: [add],
      middleware: [copeMiddleware({ large, answers: "numbers" })],
    });
    const { messages, cope } = await agent.invoke(asking("What is 2 + 3?"));
    expect(added).toHaveLength(1);
    expect(messages.at(-1)!.text).toBe("They are 5.");
    expect(reportsIn(messages)).toMatchObject([{ stage: "small" }, { stage: "small" }]);
    expect(large.asked).toHaveLength(0);
    // Each sample of the second step was asked twice, and both are on the bill.
    expect(cope!.bill.calls).toBe(small.asked.length);
  });

  it("asks nothing again that no budget was granted for", async () => {
    const { add } = adder();
    const small = scriptedModel(({ tools }) => (tools?.length ? calls(2, 3) : "5"));
    const options = { large: advising("Answer.", [calls(2, 3), "5"]), samples: 2, thresholds: [0.5, 0.5], attempts: 1 };
    const agent = createAgent({ model: small, tools: [add], middleware: [copeMiddleware(options)] });
    const { messages } = await agent.invoke(asking("What is 2 + 3?"));
    expect(reportsIn(messages)).toMatchObject([{ stage: "small" }, { stage: "takeover" }]);
    expect(small.asked.every(({ tools }) => tools?.length)).toBe(true);
  });

  it("goes on where all that any model can think of is the call that was just made, until a model answers", async () => {
    const { add, added } = adder();
    const small = acting([calls(2, 3), calls(2, 3)], [calls(2, 3), calls(2, 3), "The sum is 5."]);
    const large = advising("Answer the user.", [calls(2, 3), calls(2, 3)]);
    const agent = createAgent({ model: small, tools: [add], middleware: [copeMiddleware({ large })] });
    const { messages } = await agent.invoke(asking("What is 2 + 3?"));
    expect(added).toHaveLength(2);
    expect(reportsIn(messages)).toMatchObject([
      { stage: "small" },
      {
        stage: "takeover",
        why: "the last stage answers with doubt (repeat: add was just called with these arguments)",
      },
      { stage: "small" },
    ]);
    expect(messages.at(-1)!.text).toBe("The sum is 5.");
  });

  it("begins bill and advice anew with each question of a thread, and gives calls ids of their own", async () => {
    const { add } = adder();
    const small = acting([UNSURE, "done"], [calls(2, 3), "done"]);
    const agent = createAgent({
      model: small,
      tools: [add],
      middleware: [copeMiddleware({ large: advising("Add.") })],
      checkpointer: new MemorySaver(),
    });
    const config = { configurable: { thread_id: "t" } };
    await agent.invoke(asking("What is 2 + 3?"), config);
    const { messages, cope } = await agent.invoke(asking("And again?"), config);
    expect(messages).toHaveLength(8);
    expect(cope!.bill.steps).toBe(2);
    const ids = messages.flatMap((message) => (message as AIMessage).tool_calls?.map(({ id }) => id) ?? []);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^[a-z0-9]{9}$/);
  });

  it("streams one message a step, and no draft", async () => {
    const { add } = adder();
    const agent = createAgent({
      model: acting([UNSURE, "The sum is 5."], [UNSURE, "The sum is 5."]),
      tools: [add],
      middleware: [copeMiddleware({ large: advising("Add.", [calls(2, 3)]) })],
    });
    const seen: string[] = [];
    for await (const [message] of await agent.stream(asking("2 + 3?"), { streamMode: "messages" })) {
      const called =
        (message as AIMessage).tool_calls?.map(({ name, args }) => `${name} ${JSON.stringify(args)}`) ?? [];
      seen.push([message.getType(), message.text, ...called].join("|"));
    }
    expect(seen).toEqual(['ai||add {"a":2,"b":3}', "tool|5", "ai|The sum is 5."]);
  });
});
