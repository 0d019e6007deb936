// An agent with three tools that asks a larger model for advice, at the steps where it is unsure. Run it with `npx tsx examples/agent.ts`.
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { createAgent, modelCallLimitMiddleware, tool } from "langchain";
import { pathToFileURL } from "node:url";
import { agentTranscript, copeMiddleware, type CopeMiddlewareOptions } from "langgraph-cope/integrations";
import { ChatLlama } from "langgraph-cope";
import { z } from "zod";

const FARES: Readonly<Record<string, number>> = { "Graz-Linz": 42, "Graz-Wien": 39, "Linz-Wien": 35 };

const fare = tool(({ from, to }) => String(FARES[`${from}-${to}`] ?? FARES[`${to}-${from}`] ?? "no such train"), {
  name: "fare",
  description: "The fare of a train between two cities, in euros, for one person and one way.",
  schema: z.object({ from: z.string(), to: z.string() }),
});

const multiply = tool(({ a, b }) => String(a * b), {
  name: "multiply",
  description: "The product of two numbers.",
  schema: z.object({ a: z.number(), b: z.number() }),
});

const weekday = tool(
  ({ date }) => new Date(`${date}T00:00Z`).toLocaleDateString("en", { weekday: "long", timeZone: "UTC" }),
  {
    name: "weekday",
    description: "The day of the week of a date.",
    schema: z.object({ date: z.iso.date().describe("as 2026-05-04") }),
  },
);

/** Acts by the embedded models unless others are given. */
export async function agent(models: { small?: BaseChatModel } & Pick<CopeMiddlewareOptions, "large"> = {}) {
  const { small = new ChatLlama({ model: "qwen2.5-coder-0.5b-instruct" }), ...large } = models;
  const traveller = createAgent({
    model: small,
    tools: [fare, multiply, weekday],
    systemPrompt: "You plan train journeys. Use the tools; do not guess.",
    // Small models may go on for ever.
    middleware: [
      modelCallLimitMiddleware({ runLimit: 6, exitBehavior: "end" }),
      copeMiddleware({ samples: 4, ...large }),
    ],
  });
  const question = "What do three people pay from Linz to Graz, and which day of the week is 4 May 2026?";
  const { messages, cope } = await traveller.invoke({ messages: [{ role: "user", content: question }] });
  return { answer: messages.at(-1)!.text, transcript: agentTranscript(messages), bill: cope!.bill };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { transcript, bill } = await agent();
  console.log(transcript, bill);
}
