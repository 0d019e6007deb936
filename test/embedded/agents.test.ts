import { AIMessage, ToolMessage, type AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { createAgent, modelCallLimitMiddleware, tool } from "langchain";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { CopeChatModel, type CopeMetadata } from "../../src/integrations/index.js";
import { agentTranscript } from "../../src/integrations/agent-transcript.js";
import { copeMiddleware } from "../../src/integrations/middleware.js";
import type { StepReport } from "../../src/integrations/step-message.js";
import { ChatLlama } from "../../src/models/llama/chat.js";
import { listModels } from "../../src/models/llama/library.js";
import { needs } from "../support/needs.js";

const SMALL = "qwen2.5-coder-0.5b-instruct";
const LARGE = "qwen2.5-coder-1.5b-instruct";
const listed = listModels().filter(({ present }) => present);
const present = [SMALL, LARGE].every((name) => listed.some((model) => model.name === name));

afterAll(() => ChatLlama.dispose());

describe.runIf(needs(`the weights of ${SMALL} and ${LARGE} (cope models pull)`, present))("the embedded pair", () => {
  it("writes a call without its mark as one of the tools there are, with arguments that fit, and nothing behind it", async () => {
    const file = { name: "read_file", description: "The text of a file.", schema: z.object({ name: z.string() }) };
    const list = { name: "list_files", description: "The names of all files.", schema: z.object({}) };
    // In a block of code, as this model does when it is asked for two at once.
    const model = new ChatLlama({ model: SMALL, maxTokens: 96 }).bindTools([file, list]);
    const { tool_calls: calls, usage_metadata: usage } = await model.invoke("Read notes.txt and order.txt.");
    expect(calls).toMatchObject([{ name: "read_file", args: { name: "notes.txt" } }]);
    expect(usage!.output_tokens).toBeLessThan(48);
  });

  it(
    "as a plain agent's model calls the tool, reads its result, and answers with it",
    { timeout: 300_000 },
    async () => {
      const added: number[] = [];
      const add = tool(({ a, b }) => (added.push(a + b), String(a + b)), {
        name: "add",
        description: "Adds two numbers.",
        schema: z.object({ a: z.number(), b: z.number() }),
      });
      const agent = createAgent({
        model: new ChatLlama({ model: LARGE, temperature: 0, maxTokens: 64 }),
        tools: [add],
        systemPrompt: "Call the tool once. Then say the result in words.",
      });
      const asked = { messages: [{ role: "user" as const, content: "What is 3 plus 4? Use the tool." }] };
      const { messages } = await agent.invoke(asked, { recursionLimit: 12 });
      expect(added).toEqual([7]);
      expect(messages.at(-1)!.text).toContain("7");
    },
  );

  it("as a chat model streams one answer, and tells the whole run's usage", { timeout: 300_000 }, async () => {
    const model = new CopeChatModel({ family: "math", stages: "cope:direct", samples: 3, seed: 1 });
    let whole: AIMessageChunk | undefined;
    for await (const chunk of await model.stream("What is 12 + 30?")) whole = whole?.concat(chunk) ?? chunk;
    const { ledger, value } = whole!.response_metadata["cope"] as CopeMetadata;
    expect(value).toBe("42");
    expect(whole!.text).toContain("42");
    expect(ledger.calls).toBeGreaterThanOrEqual(2);
    const tokens = Object.values(ledger.byRole).reduce((sum, bill) => sum + bill.inputTokens! + bill.outputTokens!, 0);
    expect(whole!.usage_metadata!.total_tokens).toBe(tokens);
  });

  it("as an agent shows one message a step, and bills all that led to it", { timeout: 300_000 }, async () => {
    const multiplied: number[] = [];
    const multiply = tool(({ a, b }) => (multiplied.push(a * b), String(a * b)), {
      name: "multiply",
      description: "The product of two numbers.",
      schema: z.object({ a: z.number(), b: z.number() }),
    });
    const agent = createAgent({
      model: new ChatLlama({ model: SMALL }),
      tools: [multiply],
      systemPrompt: "Use the tool for every product. Then say the result in a few words.",
      middleware: [
        modelCallLimitMiddleware({ runLimit: 3, exitBehavior: "end" }),
        copeMiddleware({ large: new ChatLlama({ model: LARGE }), samples: 3, seed: 0 }),
      ],
    });
    const asked = { messages: [{ role: "user" as const, content: "What is 318 * 27?" }] };
    const streamed: BaseMessage[] = [];
    let last: { messages: BaseMessage[]; cope?: { bill: { calls: number; steps: number } } } | undefined;
    for await (const [mode, part] of await agent.stream(asked, { streamMode: ["messages", "values"] })) {
      if (mode === "messages") streamed.push((part as unknown as [BaseMessage])[0]);
      else last = part as typeof last;
    }
    const decided = last!.messages.filter((one) => AIMessage.isInstance(one) && one.usage_metadata) as AIMessage[];
    const reports = decided.map(({ response_metadata }) => response_metadata["cope"] as StepReport);
    console.log(
      agentTranscript(last!.messages),
      last!.cope!.bill,
      reports.map(({ ledger }) => ledger.byRole),
    );
    expect(decided[0]!.tool_calls).toMatchObject([{ name: "multiply", args: { a: 318, b: 27 } }]);
    expect(multiplied[0]).toBe(318 * 27);
    expect(new Set(streamed.filter((one) => AIMessage.isInstance(one)).map(({ id }) => id))).toEqual(
      new Set(last!.messages.filter((one) => AIMessage.isInstance(one)).map(({ id }) => id)),
    );
    expect(last!.messages.filter((one) => ToolMessage.isInstance(one)).length).toBe(multiplied.length);
    expect(last!.cope!.bill.steps).toBe(reports.length);
    expect(last!.cope!.bill.calls).toBe(reports.reduce((sum, { ledger }) => sum + ledger.calls, 0));
  });
});
