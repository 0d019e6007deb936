import { HumanMessage, type BaseMessage } from "@langchain/core/messages";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createCope } from "../../src/index.js";
import { bySample, UNLIKE } from "../support/by-sample.js";
import { answering } from "../support/fake-model.js";
import { startOpenAiServer } from "../support/openai-server.js";
import { plain } from "../support/plain-family.js";

/** All three stages run: eighteen drafts and plans and one answer. */
const allStages = () =>
  createCope({ family: plain, small: bySample({ solo: UNLIKE, guided: UNLIKE }), large: answering("taken over") });

async function messagesOf(stream: AsyncIterable<unknown>): Promise<string[]> {
  const texts: string[] = [];
  for await (const [message, about] of stream as AsyncIterable<[{ text: string }, { langgraph_node: string }]>) {
    texts.push(`${about.langgraph_node}: ${message.text}`);
  }
  return texts;
}

describe("a stream of messages", () => {
  it("has the answer and no draft, also from models that answer at once, 20 times of 20", async () => {
    for (let round = 0; round < 20; round++) {
      const stream = await allStages().compile().stream({ question: "q" }, { streamMode: "messages" });
      const texts = await messagesOf(stream);
      expect(texts).toEqual(["finish: taken over"]);
    }
  });

  it("has no question of a second turn either, which the thread keeps as a message with an id of its own", async () => {
    const graph = allStages().compile({ checkpointer: new MemorySaver() });
    const thread = { configurable: { thread_id: "t" } };
    for (const question of ["first", "second"]) {
      const stream = await graph.stream({ question }, { ...thread, streamMode: "messages" });
      expect(await messagesOf(stream)).toEqual(["finish: taken over"]);
    }
    const { messages } = (await graph.getState(thread)).values as { messages: BaseMessage[] };
    expect(messages.map((message) => [message.getType(), message.text])).toEqual([
      ["human", "first"],
      ["ai", "taken over"],
      ["human", "second"],
      ["ai", "taken over"],
    ]);
    expect(new Set(messages.map(({ id }) => id ?? "none")).size).toBe(4);
  });

  it("is as it was for who streams values: the question stands there from the first step on", async () => {
    const kept: string[][] = [];
    for await (const state of await allStages().compile().stream({ question: "q" }, { streamMode: "values" }))
      kept.push(((state as { messages?: BaseMessage[] }).messages ?? []).map((message) => message.getType()));
    expect(kept[1]).toEqual(["human"]);
    expect(kept.at(-1)).toEqual(["human", "ai"]);
  });

  it("has no draft either when a saver keeps the thread and the question comes as a message", async () => {
    const graph = allStages().compile({ checkpointer: new MemorySaver() });
    const config = { configurable: { thread_id: "t" }, streamMode: "messages" as const };
    const texts = await messagesOf(await graph.stream({ messages: [new HumanMessage("q")] }, config));
    expect(texts).toEqual(["finish: taken over"]);
  });

  it("does not make a server stream drafts, and so loses no token count", async () => {
    const requests: object[] = [];
    const server = await startOpenAiServer((request) => {
      requests.push(request);
      return "The final answer is $\\boxed{4}$.";
    });
    onTestFinished(() => server.close());
    vi.stubEnv("OPENAI_API_KEY", "none");
    vi.stubEnv("OPENAI_BASE_URL", server.url);
    onTestFinished(() => void vi.unstubAllEnvs());
    const graph = createCope({ small: "openai:s", large: "openai:l", samples: 2 }).compile();
    const stream = await graph.stream({ question: "2 + 2?" }, { streamMode: ["messages", "values"] });
    let last: any;
    for await (const [mode, chunk] of stream) if (mode === "values") last = chunk;
    expect(requests).toHaveLength(4);
    expect(requests.filter((request) => "stream" in request && request.stream)).toEqual([]);
    expect(last.ledger.byRole.small).toMatchObject({ inputTokens: 80, outputTokens: 28 });
  });
});

describe("a thread of several turns", () => {
  it("takes a message as the second question, not the first one's words again", async () => {
    const small = answering("42");
    const graph = createCope({ family: plain, small, large: answering("x") }).compile({
      checkpointer: new MemorySaver(),
    });
    const config = { configurable: { thread_id: "t" } };
    await graph.invoke({ question: "first" }, config);
    await graph.invoke({ messages: [new HumanMessage("second")] }, config);
    expect(new Set(small.asked.slice(-12).map(({ user }) => user.split("\n")[0]))).toEqual(new Set(["second"]));
  });

  it("clears what the last turn left before the first step of the next one", async () => {
    const graph = createCope({
      family: plain,
      small: bySample({ solo: UNLIKE, guided: UNLIKE }, 2),
      large: answering("x"),
    }).compile({ checkpointer: new MemorySaver() });
    const config = { configurable: { thread_id: "t" } };
    await graph.invoke({ question: "first" }, config);
    const second: any[] = [];
    for await (const state of await graph.stream({ question: "second" }, { ...config, streamMode: "values" })) {
      if ((state as any).turn === 2) second.push(state);
    }
    expect(second[0]).toMatchObject({ plans: [], samples: [], verdicts: [], calls: [], task: { question: "second" } });
    for (const left of ["answer", "ledger", "stages", "options"]) expect(second[0][left]).toBeUndefined();
    expect(second.at(-1).samples.every(({ id }: { id: string }) => id.startsWith("2/"))).toBe(true);
    expect(second.at(-1).bill).toMatchObject({ turns: 2 });
  });
});
