import { HumanMessage, type ToolMessage } from "@langchain/core/messages";
import { createAgent } from "langchain";
import { describe, expect, it } from "vitest";
import { copeTool, CopeEvent } from "../../src/integrations/index.js";
import { scriptedModel } from "../../src/testing/index.js";

const QUESTION = "What is 6 times 7?";
const boxed = "It is $\\boxed{42}$.";
const small = () => scriptedModel(({ purpose }) => (purpose === "execute" ? boxed : "Multiply."));
const ask = () => copeTool({ family: "math", samples: 4, small: small(), large: scriptedModel([]) });

/** An agent's model that asks once, and says what it was told. */
const asking = () =>
  scriptedModel(({ messages }) => {
    const told = messages.find(({ role }) => role === "tool")?.content;
    return told ? `I was told: ${told}` : { text: "", toolCalls: [{ name: "ask_cope", args: { question: QUESTION } }] };
  });

describe("copeTool", () => {
  it("gives an agent the answer's text, and programs the bill and the stages", async () => {
    const agent = createAgent({ model: asking(), tools: [ask()] });
    const { messages } = await agent.invoke({ messages: [new HumanMessage("Find out.")] });
    const result = messages.find((message) => message.getType() === "tool") as ToolMessage;
    expect(result.content).toBe(boxed);
    expect(result.artifact).toMatchObject({
      answer: { value: "42", stage: "solo" },
      ledger: { byRole: { small: { calls: 6 } } },
      stages: [{ name: "solo", decision: "accept" }],
    });
    expect(messages.at(-1)!.text).toBe(`I was told: ${boxed}`);
  });

  it("lets nothing of the run into a stream of the agent's messages; its events are told", async () => {
    const agent = createAgent({ model: asking(), tools: [ask()] });
    const input = { messages: [new HumanMessage("Find out.")] };
    const texts: string[] = [];
    const events: CopeEvent[] = [];
    for await (const [mode, chunk] of await agent.stream(input, { streamMode: ["messages", "custom"] })) {
      if (mode === "custom") events.push(CopeEvent.parse(chunk));
      else texts.push((chunk as unknown as [{ text: string }])[0].text);
    }
    expect(texts).toEqual(["", boxed, `I was told: ${boxed}`]);
    expect(events.filter(({ kind }) => kind === "answer")).toHaveLength(1);
  });

  it("has the name and the description that it is given, and says what is wrong with its options", () => {
    expect(copeTool({ name: "ask", description: "Asks.", small: small(), large: small() })).toMatchObject({
      name: "ask",
      description: "Asks.",
    });
    expect(() => copeTool({ name: "" })).toThrow(/OPTIONS_INVALID.*copeTool.*name/);
    expect(() => copeTool({ samples: 0 })).toThrow(/OPTIONS_INVALID.*samples/);
  });
});
