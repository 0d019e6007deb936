import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deriveSeed } from "../../src/models/seed.js";
import { RunOptions } from "../../src/state/options.js";
import { startDevServer, type DevServer, type RunEvent } from "../support/dev-server.js";
import { startOpenAiServer, type ChatRequest, type OpenAiServer } from "../support/openai-server.js";

/** A stage list of 32 steps, more than LangGraph's 25: three stages that are settled only by their third wave. */
const LONG = `
import { createCope } from "./src/graph/cope.js";
import { withRecursionLimit } from "./src/graph/recursion-limit.js";
import { resolveStages } from "./src/graph/stages.js";
const stage = (name: string) => ({
  name, plan: { by: "small", kind: "goal" as const }, sees: ["goal" as const],
  execute: { by: "small", samples: 8, temperature: 1, wave: "fewest" as const }, accept: { threshold: 0.5 },
});
const stages = resolveStages([stage("a"), stage("b"), stage("c"), { name: "end", execute: { by: "large", samples: 1, temperature: 0 } }]);
export const unlimited = createCope({ stages }).compile();
export const limited = withRecursionLimit(createCope({ stages }).compile(), stages);
`;
const CONFIG = {
  node_version: "22",
  graphs: { cope: "./src/graph/studio.ts:cope", limited: "./long.ts:limited", unlimited: "./long.ts:unlimited" },
};

/** Two and two, then one each: neither accepting nor escalating is settled before the last wave. */
const SPLIT = ["1", "2", "1", "2", "3", "4", "5", "6"];
const splitBySeed = new Map(
  ["a", "b", "c"].flatMap((stage) =>
    SPLIT.map((answer, index) => [deriveSeed(0, `1/${stage}/${index}/execute`), answer] as const),
  ),
);

/** Plans are recognised by their speakers, questions by their words; on "hard" ones no two small samples agree. */
function reply({ model, messages, seed }: ChatRequest): string {
  const system = messages[0]!.content;
  const user = messages.at(-1)!.content;
  if (system.includes("teacher")) return "Find the number.";
  if (system.includes("coach")) return "Count with care.";
  if (model === "large-1") return "The final answer is $\\boxed{70}$.";
  const answer = user.startsWith("long") ? splitBySeed.get(seed!) : user.startsWith("hard") ? seed : 42;
  return `I count. The final answer is $\\boxed{${answer}}$.`;
}

/** The paper's nodes, in the order in which a run that needs all of them takes its steps. */
const NODES =
  "intake solo_plan solo_execute solo_check guided_plan guided_execute guided_check takeover_execute finish".split(" ");
const MODELS = { small: "openai:small-1", large: "openai:large-1", family: "math" };
const started = { assistant_id: "cope" };

describe("the dev server on langgraph.json", () => {
  let openai: OpenAiServer;
  let server: DevServer;
  let emptyHome: string;

  beforeAll(async () => {
    openai = await startOpenAiServer(reply);
    emptyHome = mkdtempSync(join(tmpdir(), "cope-home-"));
    // No weights there, so that no embedded model can be loaded.
    server = await startDevServer(
      { OPENAI_BASE_URL: openai.url, OPENAI_API_KEY: "none", COPE_HOME: emptyHome },
      { "long.ts": LONG, "langgraph.json": JSON.stringify(CONFIG) },
    );
  }, 90_000);
  afterAll(async () => {
    await server?.stop();
    await openai?.close();
    rmSync(emptyHome, { recursive: true, force: true });
  });

  const assistant = async (): Promise<string> =>
    (await server.post("/assistants/search", { graph_id: "cope" }))[0].assistant_id;
  const thread = async (): Promise<string> => (await server.post("/threads")).thread_id;
  const run = (id: string, input: object, more: object = {}) =>
    server.stream(`/threads/${id}/runs/stream`, { ...started, input, stream_mode: ["values"], ...more });
  const of = (events: RunEvent[], kind: string) => events.filter(({ event }) => event === kind).map(({ data }) => data);

  it("is what the project's own langgraph.json serves", async () => {
    const { default: config } = await import("../../langgraph.json", { with: { type: "json" } });
    expect(config.graphs.cope.path).toBe(CONFIG.graphs.cope);
  });

  it("has an assistant for the graph", async () => {
    const assistants = await server.post("/assistants/search", { graph_id: "cope" });
    expect(assistants).toMatchObject([{ graph_id: "cope", name: "cope" }]);
  });

  it("draws the stages by name, with what decides between them", async () => {
    const { nodes, edges } = await server.get(`/assistants/${await assistant()}/graph`);
    expect(nodes.map((node: { id: string }) => node.id)).toEqual(expect.arrayContaining(NODES));
    const labels = (node: string) =>
      edges.filter((edge: any) => edge.source === node && edge.data).map((edge: any) => `${edge.data}: ${edge.target}`);
    expect(labels("solo_check").toSorted()).toEqual([
      "accept: finish",
      "ask: guided_gate",
      "escalate: guided_plan",
      "sample: solo_plan",
    ]);
    expect(labels("guided_check").toSorted()).toEqual([
      "accept: finish",
      "ask: takeover_gate",
      "escalate: takeover_execute",
      "sample: guided_execute",
    ]);
  });

  it("has forms: input with question, messages and options; context with the same options, none required", async () => {
    const schemas = await server.get(`/assistants/${await assistant()}/schemas`);
    const options = Object.keys(RunOptions.shape);
    expect(options).toEqual(expect.arrayContaining(["small", "large", "family", "samples", "thresholds", "budget"]));
    const { input_schema: input, context_schema: context, state_schema: state, output_schema: output } = schemas;
    expect(input.required ?? []).toEqual([]);
    expect(Object.keys(input.properties)).toEqual(["question", "messages", "given", "options"]);
    expect(input.properties.question.type).toContain("string");
    expect(input.properties.messages).toMatchObject({ type: "array", langgraph_type: "messages" });
    expect(Object.keys(input.properties.options.properties)).toEqual(options);
    expect(input.properties.options.properties).toMatchObject({
      samples: { type: "integer", minimum: 1 },
      thresholds: { type: "array", items: { type: "number", minimum: 0, maximum: 1 } },
      guideline: { enum: ["method", "critique", "worked"] },
      budget: { properties: { usd: { type: "number" }, calls: { type: "integer" } } },
      thinking: { properties: { tokens: { type: "integer", minimum: 0 } } },
    });
    expect(Object.keys(context.properties)).toEqual(options);
    expect(context.required ?? []).toEqual([]);
    expect(context.properties.samples).toMatchObject({ type: "integer", minimum: 1 });
    expect(context.properties.thinking).toMatchObject({ properties: { tokens: { type: "integer", minimum: 0 } } });
    expect(Object.keys(state.properties)).toEqual(
      expect.arrayContaining(["turn", "task", "settings", "plans", "samples", "verdicts", "calls", "answer", "ledger"]),
    );
    expect(state.properties.plans.items.properties.kind.enum).toEqual(["goal", "guideline"]);
    expect(Object.keys(output.properties)).toEqual(["answer", "ledger", "stages", "messages"]);
  });

  it("runs on the embedded models unless told otherwise", async () => {
    const events = await run(await thread(), { question: "easy" });
    const [error] = of(events, "error");
    // There are no weights in this home: the error names the default model, and how to get it.
    expect(error.message).toContain("[MODEL_NOT_FOUND]");
    expect(error.message).toContain("cope models pull qwen2.5-coder-0.5b-instruct");
  });

  it("streams a run's steps, state and one answer message, without the drafts", async () => {
    const stream_mode = ["updates", "values", "messages-tuple"];
    const events = await run(await thread(), { question: "hard one", options: MODELS }, { stream_mode });
    const steps = of(events, "updates").flatMap((update) => Object.keys(update));
    expect([...new Set(steps)]).toEqual(NODES);
    const last = of(events, "values").at(-1);
    expect(last.answer).toMatchObject({ value: "70", stage: "takeover" });
    expect(last.ledger.byRole.large.calls).toBe(2);
    const messages = of(events, "messages").map(([message, about]) => [
      message.type,
      message.content,
      about.langgraph_node,
    ]);
    expect(messages.filter(([type]) => type !== "human")).toEqual([["ai", last.answer.text, "finish"]]);
  });

  it("keeps a thread's state and history, and answers a second question with options from the form", async () => {
    const id = await thread();
    const first = of(await run(id, { question: "easy", options: MODELS }), "values").at(-1);
    expect(first.answer).toMatchObject({ value: "42", stage: "solo" });

    const input = { messages: [{ role: "user", content: "hard two" }] };
    const events = await run(id, input, { context: { ...MODELS, samples: 3, seed: 5 } });
    const second = of(events, "values").at(-1);
    expect(second.answer).toMatchObject({ value: "70", stage: "takeover" });
    expect(second.settings).toMatchObject({
      seed: 5,
      family: "math",
      models: { small: MODELS.small, large: MODELS.large },
    });
    expect(second.stages[0].planned).toBe(3);

    const state = await server.get(`/threads/${id}/state`);
    expect(state.next).toEqual([]);
    expect(state.values).toMatchObject({ turn: 2, bill: { turns: 2 } });
    expect(state.values.messages.map((message: { content: string }) => message.content)).toEqual([
      "easy",
      first.answer.text,
      "hard two",
      second.answer.text,
    ]);
    const history: { values: any; next: string[] }[] = await server.post(`/threads/${id}/history`, { limit: 100 });
    expect(history[0]!.values.answer).toEqual(second.answer);
    expect(history.some(({ values }) => values.answer?.value === "42")).toBe(true);
    expect(history.some(({ next }) => next.includes("guided_check"))).toBe(true);
  });

  it("asks a person where the form says so, and goes on with the plain word that people type", async () => {
    const id = await thread();
    const context = { ...MODELS, ask: { guideline: true, leaving: true, spendingAbove: 0.01 } };
    const waits = async (events: RunEvent[]) => {
      expect(of(events, "error")).toEqual([]);
      const { tasks } = await server.get(`/threads/${id}/state`);
      return tasks.map(({ name, interrupts }: any) => [name, interrupts[0].value.asks]);
    };
    const resume = (word: string) =>
      server.stream(`/threads/${id}/runs/stream`, {
        ...started,
        command: { resume: word },
        context,
        stream_mode: ["values"],
      });
    // The models are servers elsewhere, as far as anybody knows.
    expect(await waits(await run(id, { question: "hard three" }, { context }))).toEqual([["solo_gate", "sending"]]);
    expect(await waits(await resume("approve"))).toEqual([["guided_gate", "sending"]]);
    expect(await waits(await resume("Approve "))).toEqual([["guided_approve", "guideline"]]);
    expect(await waits(await resume("approve"))).toEqual([["takeover_gate", "sending"]]);
    const last = of(await resume("approve"), "values").at(-1);
    expect(last.answer).toMatchObject({ value: "70", stage: "takeover" });
  });

  it("a wrong option is a coded error that names the field", async () => {
    const [error] = of(await run(await thread(), { question: "easy", options: { samples: 0 } }), "error");
    expect(error.message).toMatch(/\[OPTIONS_INVALID\].*samples/);
  });

  it("gives a long stage list the steps it needs, where the server's own limit would end it", async () => {
    const long = { question: "long", options: MODELS };
    const bare = await run(await thread(), long, { assistant_id: "unlimited" });
    expect(of(bare, "error")[0].message).toContain("Recursion limit of 25");
    const events = await run(await thread(), long, { assistant_id: "limited" });
    expect(of(events, "error")).toEqual([]);
    const last = of(events, "values").at(-1);
    expect(last.answer).toMatchObject({ value: "70", stage: "end" });
    expect(last.verdicts.map((verdict: { waves: number }) => verdict.waves)).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3]);
  });
});
