import { AIMessage, type AIMessageChunk, HumanMessage, isAIMessage, type BaseMessage } from "@langchain/core/messages";
import { RunnableLambda } from "@langchain/core/runnables";
import { END, MessagesZodMeta, START, StateGraph } from "@langchain/langgraph";
import { registry } from "@langchain/langgraph/zod";
import { createAgent } from "langchain";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createCope, type CopeOptions } from "../../src/index.js";
import { CopeChatModel, CopeEvent, copeMiddleware } from "../../src/integrations/index.js";
import { acting, adder, advising, calls } from "./agents.js";
import { StreamingModel } from "../support/streaming-model.js";
import { doubtful, DRAFT, POSING, sure, TAKEN_OVER } from "./cascades.js";

const State = z.object({ messages: z.array(z.any()).register(registry as any, MessagesZodMeta as any) });

/** Everything by which people put the cascade into what they have. */
const SUBJECTS: Record<
  string,
  (options: CopeOptions) => { stream: (input: any, config: any) => Promise<AsyncIterable<any>> }
> = {
  "the graph alone": (options) => createCope(options).compile() as never,
  "the graph as a part of another": (options) =>
    new StateGraph(State)
      .addNode("cope", createCope(options).compile())
      .addEdge(START, "cope")
      .addEdge("cope", END)
      .compile() as never,
  "the chat model in a node": (options) => inNode(options, (model, messages) => model.invoke(messages)),
  "the chat model in a node that streams it": (options) =>
    inNode(options, async (model, messages) => {
      let whole: AIMessageChunk | undefined;
      for await (const chunk of await model.stream(messages)) whole = whole?.concat(chunk) ?? chunk;
      return whole!;
    }),
  "a chain in a node": (options) =>
    inNode(options, async (model, messages) => {
      const chain = RunnableLambda.from((said: BaseMessage[]) => said).pipe(model);
      let whole: AIMessageChunk | undefined;
      for await (const chunk of await chain.stream(messages)) whole = whole?.concat(chunk) ?? chunk;
      return whole!;
    }),
  "an agent on the chat model": (options) => createAgent({ model: new CopeChatModel(options), tools: [] }) as never,
};

function inNode(options: CopeOptions, ask: (model: CopeChatModel, messages: BaseMessage[]) => Promise<BaseMessage>) {
  const model = new CopeChatModel(options);
  const node = async ({ messages }: z.infer<typeof State>) => ({
    messages: [await ask(model, messages as BaseMessage[])],
  });
  return new StateGraph(State).addNode("ask", node).addEdge(START, "ask").addEdge("ask", END).compile() as never;
}

const MODES = ["messages", "values", "updates", "custom", "debug"] as const;
type Mode = (typeof MODES)[number];

/** All that each mode has, of the graph itself and, where asked for, of what is in it. */
async function streamed(subject: string, options: CopeOptions, streamMode: readonly Mode[], subgraphs = false) {
  const chunks: Record<Mode, any[]> = { messages: [], values: [], updates: [], custom: [], debug: [] };
  const input = { messages: [new HumanMessage("Why is the sky blue?")] };
  for await (const chunk of await SUBJECTS[subject]!(options).stream(input, { streamMode, subgraphs })) {
    const [mode, data] = (subgraphs ? chunk.slice(1) : chunk) as [Mode, unknown];
    chunks[mode].push(data);
  }
  return chunks;
}

/** The texts of a stream of messages, as a user sees them: pieces of one message put together. */
function texts(messages: [BaseMessage, unknown][]): string[] {
  const byId = new Map<string, string>();
  for (const [message] of messages.filter(([said]) => isAIMessage(said)))
    byId.set(message.id!, (byId.get(message.id!) ?? "") + message.text);
  return [...byId.values()];
}

/** Messages of a model anywhere in what a step wrote. */
const said = (value: unknown): string[] => {
  if (AIMessage.isInstance(value)) return [value.text];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(said);
};
const answers = (custom: unknown[]) =>
  custom.map((event) => CopeEvent.parse(event)).filter(({ kind }) => kind === "answer");

/** The texts that may pass for an answer, by mode. */
const ANSWERS: Record<Mode, (chunks: any[]) => string[]> = {
  messages: texts,
  values: (states) => said(states.at(-1).messages),
  updates: (written) => written.flatMap(said),
  debug: (steps) => steps.filter(({ type }) => type === "task_result").flatMap(({ payload }) => said(payload)),
  custom: (events) => answers(events).map((event) => (event.kind === "answer" ? event.answer.text : "")),
};

describe.each(Object.keys(SUBJECTS))("%s", (subject) => {
  it.each([
    ["a streamed", doubtful, TAKEN_OVER],
    ["an accepted", sure, "Accepted."],
  ] as const)("has %s answer once in every mode, and drafts in none but as events", async (_, options, answer) => {
    for (const modes of [MODES, ["messages"], ["custom"]] as const) {
      const chunks = await streamed(subject, options(), modes);
      expect(modes.map((mode) => ANSWERS[mode](chunks[mode]))).toEqual(modes.map(() => [answer]));
    }
  });

  it("tells plans, samples and verdicts as events, drafts among them", async () => {
    const { custom } = await streamed(subject, doubtful(), ["custom"]);
    expect(new Set(custom.map(({ kind }) => kind))).toEqual(new Set(["plan", "sample", "verdict", "answer"]));
    const samples = custom.flatMap((event) => (event.kind === "sample" ? [event.sample.text] : []));
    expect(samples.filter((text) => text.startsWith(DRAFT))).toHaveLength(6);
    expect(samples.at(-1)).toBe(TAKEN_OVER);
  });

  it("has it once, too, for who looks into its parts", async () => {
    const { messages, custom } = await streamed(subject, doubtful(), MODES, true);
    expect(texts(messages)).toEqual([TAKEN_OVER]);
    expect(answers(custom)).toHaveLength(1);
  });

  it("streams the last stage's answer while it is written, and no draft", async () => {
    const options = doubtful();
    const { small, large } = options;
    const built = { ...options, small: () => small, large: () => new StreamingModel(large.script, POSING) };
    const { messages } = await streamed(subject, built, ["messages"], true);
    expect(messages.filter(([message]) => isAIMessage(message) && message.text !== "").length).toBeGreaterThan(5);
    expect(small.streams).toBe(0);
  });
});

it("an agent with the middleware has each step once in every mode, its drafts in none but as events", async () => {
  const { add } = adder();
  // Three drafts that differ, advice that settles nothing, and a step that is taken over; then an answer.
  const unsure = [calls(1, 1), calls(2, 2), calls(5, 5)];
  const agent = createAgent({
    model: acting([unsure, "It is 7."]),
    tools: [add],
    middleware: [copeMiddleware({ large: advising("Add them.", [calls(3, 4)]), samples: 3 })],
  });
  const chunks: Record<Mode, any[]> = { messages: [], values: [], updates: [], custom: [], debug: [] };
  const input = { messages: [new HumanMessage("What is 3 plus 4?")] };
  for await (const [mode, chunk] of await agent.stream(input, { streamMode: [...MODES] }))
    chunks[mode as Mode].push(chunk);
  expect(texts(chunks.messages)).toEqual(["", "It is 7."]);
  for (const mode of ["values", "updates", "debug"] as const)
    expect(ANSWERS[mode](chunks[mode])).toEqual(["", "It is 7."]);
  const called = (chunks.messages as [BaseMessage, unknown][]).flatMap(
    ([message]) => (message as AIMessage).tool_calls ?? [],
  );
  expect(called.map(({ args }) => args)).toEqual([{ a: 3, b: 4 }]);
  const events = chunks.custom.map((event) => CopeEvent.parse(event));
  expect(new Set(events.map(({ kind }) => kind))).toEqual(new Set(["plan", "sample", "verdict", "answer"]));
  expect(events.filter(({ kind }) => kind === "answer")).toHaveLength(2);
});

it("an agent's steps are each one message: the call of a tool, its result, the answer", async () => {
  const { add, added } = adder();
  const small = acting([calls(3, 4), "It is 7."]);
  const agent = createAgent({
    model: new CopeChatModel({ small, large: advising("never"), samples: 2 }),
    tools: [add],
  });
  const seen: [BaseMessage, unknown][] = [];
  const input = { messages: [new HumanMessage("What is 3 plus 4?")] };
  for await (const chunk of await agent.stream(input, { streamMode: "messages" })) seen.push(chunk as never);
  expect(added).toEqual([{ a: 3, b: 4 }]);
  expect(texts(seen)).toEqual(["", "It is 7."]);
  const called = seen.flatMap(([message]) => (message as AIMessage).tool_calls ?? []);
  expect(called.map(({ name, args }) => ({ name, args }))).toEqual([{ name: "add", args: { a: 3, b: 4 } }]);
  expect(seen.filter(([message]) => message.getType() === "tool").map(([message]) => message.text)).toEqual(["7"]);
});
