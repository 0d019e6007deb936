import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CopeEvent } from "../../src/integrations/index.js";
import { startDevServer, type DevServer, type RunEvent } from "../support/dev-server.js";
import { TAKEN_OVER } from "./cascades.js";

/** The cascade alone, its chat model in a node, an agent on it, and an agent with the middleware. */
const SERVED = `
import { END, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { createAgent } from "langchain";
import { createCope } from "./src/index.js";
import { CopeChatModel, copeMiddleware } from "./src/integrations/index.js";
import { acting, adder, advising, calls } from "./test/integrations/agents.js";
import { doubtful } from "./test/integrations/cascades.js";
const model = new CopeChatModel(doubtful());
const ask = async ({ messages }: typeof MessagesAnnotation.State) => ({ messages: [await model.invoke(messages)] });
export const alone = createCope(doubtful()).compile();
export const node = new StateGraph(MessagesAnnotation).addNode("ask", ask).addEdge(START, "ask").addEdge("ask", END).compile();
export const agent = createAgent({ model: new CopeChatModel(doubtful()), tools: [] }).graph;
const unsure = [calls(1, 1), calls(2, 2), calls(5, 5)];
export const advised = createAgent({
  model: acting([unsure, "It is 7."]),
  tools: [adder().add],
  middleware: [copeMiddleware({ large: advising("Add them.", [calls(3, 4)]), samples: 3 })],
}).graph;
`;
const NAMES = ["alone", "node", "agent"];
const SERVES = [...NAMES, "advised"].map((name) => [name, `./served.ts:${name}`]);
const CONFIG = { node_version: "22", graphs: Object.fromEntries(SERVES) };

let server: DevServer;
beforeAll(async () => {
  server = await startDevServer({}, { "served.ts": SERVED, "langgraph.json": JSON.stringify(CONFIG) });
}, 90_000);
afterAll(async () => server?.stop());

/** Texts of models' messages anywhere in what a step wrote. */
const said = (value: any): string[] => {
  if (typeof value !== "object" || value === null) return [];
  return value.type === "ai" ? [value.content] : Object.values(value).flatMap(said);
};

/** All that each mode of the server's API has of a run. */
async function run(assistant_id: string, content: string) {
  const { thread_id } = await server.post("/threads");
  const events = await server.stream(`/threads/${thread_id}/runs/stream`, {
    assistant_id,
    input: { messages: [{ role: "user", content }] },
    stream_mode: ["values", "updates", "messages-tuple", "custom", "debug"],
  });
  const of = (kind: string) => events.filter(({ event }: RunEvent) => event === kind).map(({ data }) => data);
  expect(of("error")).toEqual([]);
  return of;
}

describe("served: an agent with the middleware", () => {
  it("has each step once in each mode, and its drafts in none but as events", async () => {
    const of = await run("advised", "What is 3 plus 4?");
    const steps = ["", "It is 7."];
    const pieces = of("messages").filter(([message]) => /^ai/i.test(message.type));
    const byId = Map.groupBy(pieces, ([{ id }]) => id as string);
    expect([...byId.values()].map((parts) => parts.map(([{ content }]) => content).join(""))).toEqual(steps);
    expect(said(of("values").at(-1).messages)).toEqual(steps);
    expect(of("updates").flatMap(said)).toEqual(steps);
    const results = of("debug").filter(({ type }) => type === "task_result");
    expect(results.flatMap(({ payload }) => said(payload))).toEqual(steps);
    const told = of("custom").map((event) => CopeEvent.parse(event));
    expect(told.filter(({ kind }) => kind === "answer")).toHaveLength(2);
  });
});

describe.each(NAMES)("served: %s", (assistant_id) => {
  it("has one answer in each mode of the server's API, and drafts in none but as events", async () => {
    const of = await run(assistant_id, "Why is the sky blue?");
    const pieces = of("messages").filter(([message]) => /^ai/i.test(message.type));
    expect(new Set(pieces.map(([{ id }]) => id)).size).toBe(1);
    expect(pieces.map(([{ content }]) => content).join("")).toBe(TAKEN_OVER);
    expect(pieces.length).toBeGreaterThan(5);
    expect(said(of("values").at(-1).messages)).toEqual([TAKEN_OVER]);
    expect(of("updates").flatMap(said)).toEqual([TAKEN_OVER]);
    const results = of("debug").filter(({ type }) => type === "task_result");
    expect(results.flatMap(({ payload }) => said(payload))).toEqual([TAKEN_OVER]);
    const told = of("custom").map((event) => CopeEvent.parse(event));
    expect(told.filter(({ kind }) => kind === "answer")).toHaveLength(1);
    expect(told.filter(({ kind }) => kind === "sample")).toHaveLength(7);
  });
});
