import { createAgent } from "langchain";
import { describe, it } from "vitest";
import { copeMiddleware, createCopeAgent } from "../../src/integrations/index.js";
import { memoryJournal, type Journal } from "../../src/index.js";
import type { ScriptedModel } from "../../src/testing/index.js";
import { adder } from "../integrations/agents.js";
import { golden } from "./golden.js";
import { agentPair, corridor, SUM, walking } from "./v0.2/models.js";

/** An agent with tools and the models that it asks. */
function tooled(journal: Journal = memoryJournal()) {
  const { small, large } = agentPair();
  const middleware = [copeMiddleware({ large, journal, concurrency: 1 })];
  const agent = createAgent({ model: small, tools: [adder().add], middleware });
  return { agent, small, large };
}

function walked() {
  const { small, large } = walking();
  const agent = createCopeAgent({ small, large, environment: corridor(), journal: memoryJournal(), concurrency: 1 });
  return { agent, small, large };
}

/** The first request of each kind, by step. Ids of calls are told by their order. */
function firstAsked({ small, large }: { small: ScriptedModel; large: ScriptedModel }): Record<string, unknown> {
  const requests: Record<string, unknown> = {};
  const ids = new Map<string, string>();
  const numbered = (key: string, value: unknown): unknown =>
    (key === "id" || key === "toolCallId") && typeof value === "string"
      ? (ids.get(value) ?? ids.set(value, `call ${ids.size}`).get(value))
      : value;
  for (const [role, { asked }] of Object.entries({ small, large }))
    for (const { stage, purpose, messages, tools, options } of asked) {
      const step = messages.filter(({ role: by }) => by === "tool").length;
      const { temperature, maxTokens, stop } = options;
      const request = { messages, tools, sampling: { temperature, maxTokens, stop } };
      requests[`${role}, ${stage}, ${purpose}, after ${step}`] ??= JSON.parse(
        JSON.stringify(request, numbered),
      ) as unknown;
    }
  return requests;
}

describe("what agents keep and ask stays as it is", () => {
  it("the nodes and channels of both kinds of agent", () => {
    const { agent } = tooled();
    const world = walked().agent;
    const parts = (graph: { nodes: object; channels: object }) => ({
      nodes: Object.keys(graph.nodes),
      channels: Object.keys(graph.channels).toSorted(),
    });
    golden("agents", { tools: parts(agent.graph as never), world: parts(world as never) });
  });

  it("the requests of a step, with tools and in a world", async () => {
    const [tools, world] = [tooled(), walked()];
    await tools.agent.invoke(SUM);
    await world.agent.invoke({});
    golden("agent-requests", { tools: firstAsked(tools), world: firstAsked(world) });
  });
});
