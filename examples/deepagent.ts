// A deep agent (files, subagents) that asks a larger model for advice, at the steps where it is unsure.
// Needs `npm install deepagents`. Run it with `npx tsx examples/deepagent.ts`.
import { createDeepAgent } from "deepagents";
import { pathToFileURL } from "node:url";
import { agentTranscript, copeMiddleware, type CopeMiddlewareOptions } from "langgraph-cope/integrations";

/** Acts by models of Ollama and OpenAI unless others are given. */
export async function deepagent({
  small = "ollama:qwen3:4b",
  large = "openai:gpt-4o",
}: { small?: any } & Pick<CopeMiddlewareOptions, "large"> = {}) {
  const agent = createDeepAgent({
    model: small,
    systemPrompt: "You keep notes for a small team.",
    middleware: [copeMiddleware({ large })],
  });
  const question = "Write the note /notes/monday.md: the team meets at ten. Then tell me that it is done.";
  const { messages, files } = await agent.invoke({ messages: [{ role: "user", content: question }] });
  return { answer: messages.at(-1)!.text, files: Object.keys(files ?? {}), transcript: agentTranscript(messages) };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) console.log((await deepagent()).transcript);
