import { HumanMessage } from "@langchain/core/messages";
import { END, MemorySaver, MessagesZodMeta, START, StateGraph } from "@langchain/langgraph";
import { registry } from "@langchain/langgraph/zod";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createCope, memoryJournal, type CopeOptions, type Journal, type JournalKey } from "../../src/index.js";
import { bySample, UNLIKE } from "../support/by-sample.js";
import { answering, FakeModel, httpError, isPlan } from "../support/fake-model.js";
import { plain } from "../support/plain-family.js";

const State = z.object({ messages: z.array(z.any()).register(registry as any, MessagesZodMeta as any) });

/** A parent that shares nothing but `messages` with the cascade, and has a node of its own after it. */
function parentOf(options: CopeOptions, cascadeSaver?: true) {
  const cascade = createCope({ family: plain, ...options }).compile(cascadeSaver ? { checkpointer: true } : {});
  return new StateGraph(State)
    .addNode("cascade", cascade)
    .addNode("after", () => ({}))
    .addEdge(START, "cascade")
    .addEdge("cascade", "after")
    .addEdge("after", END)
    .compile({ checkpointer: new MemorySaver() });
}

/** A journal that tells which keys were written. */
function telling(): { journal: Journal; keys: JournalKey[] } {
  const keys: JournalKey[] = [];
  const journal = memoryJournal();
  return { keys, journal: { ...journal, write: (key, attempt) => (keys.push(key), journal.write(key, attempt)) } };
}

const config = { configurable: { thread_id: "t" } };
const asking = (text: string) => ({ messages: [new HumanMessage(text)] });
const texts = (state: { messages: { text: string }[] }) => state.messages.map((message) => message.text);

it("adds to a conversation that somebody else keeps, without a thread", async () => {
  const small = new FakeModel((asked) => (isPlan(asked) ? "goal" : `re: ${asked.user.split("\n")[0]}`));
  const graph = createCope({ family: plain, small, large: answering("never") }).compile();
  const first = await graph.invoke(asking("one"));
  const second = await graph.invoke({ messages: [...first.messages!, new HumanMessage("two")] });
  expect(texts(second as never)).toEqual(["one", "re: one", "two", "re: two"]);
});

describe("the cascade as a part of another graph", () => {
  it("answers twice in one thread, each time the question of that time", async () => {
    const small = new FakeModel((asked) => (isPlan(asked) ? "goal" : `re: ${asked.user.split("\n")[0]}`));
    const parent = parentOf({ small, large: answering("never") });
    await parent.invoke(asking("one"), config);
    const state = await parent.invoke(asking("two"), config);
    expect(texts(state)).toEqual(["one", "re: one", "two", "re: two"]);
  });

  it("asks again when the same question comes again: each time has journal keys of its own", async () => {
    const { journal, keys } = telling();
    const small = answering("42");
    const parent = parentOf({ small, large: answering("never"), journal });
    await parent.invoke(asking("same"), config);
    await parent.invoke(asking("same"), config);
    expect(small.asked).toHaveLength(24);
    // As a part of another graph every run is turn 1: the namespace alone tells the two apart.
    expect(new Set(keys.map(({ turn }) => turn))).toEqual(new Set([1]));
    const namespaces = new Set(keys.map(({ namespace }) => namespace));
    expect(namespaces.size).toBe(2);
    for (const namespace of namespaces) expect(namespace).toMatch(/^cascade:/);
  });

  it("counts turns of its own where it keeps its own state", async () => {
    const { journal, keys } = telling();
    const parent = parentOf({ small: answering("42"), large: answering("never"), journal }, true);
    await parent.invoke(asking("one"), config);
    await parent.invoke(asking("two"), config);
    expect(new Set(keys.map(({ turn }) => turn))).toEqual(new Set([1, 2]));
  });

  it("is resumed through its parent after an error that was mended, and buys nothing twice", async () => {
    const answers = { solo: UNLIKE, guided: UNLIKE.map(() => "right") };
    const broken = bySample({ solo: UNLIKE, guided: UNLIKE.map(() => httpError(401)) });
    const working = bySample(answers);
    let mended = false;
    const small = new FakeModel((asked) => (mended ? working : broken).reply(asked));
    const parent = parentOf({ small, large: answering("never") });
    await expect(parent.invoke(asking("one"), config)).rejects.toMatchObject({ code: "AUTH_REJECTED" });
    expect((await parent.getState(config)).next).toEqual(["cascade"]);
    mended = true;
    const bought = small.asked.length;
    expect(texts(await parent.invoke(null, config))).toEqual(["one", "right"]);
    // Only the wave that failed is asked again: four of eight reach the threshold.
    expect(small.asked).toHaveLength(bought + 4);
  });

  it("keeps what it was answered while another cascade beside it in the same thread comes to its end", async () => {
    const right = answering("right");
    const { promise: rightEnded, resolve: end } = Promise.withResolvers<void>();
    const memory = memoryJournal();
    const journal: Journal = {
      ...memory,
      forget: async (...what) => (await memory.forget(...what), end()),
    };
    let mended = false;
    const left = new FakeModel(async (asked) => {
      if (isPlan(asked)) return "goal";
      // Fails only when the other cascade has long ended.
      if (mended) return "left";
      await rightEnded;
      throw httpError(401);
    });
    const cascade = (small: FakeModel) =>
      createCope({ family: plain, small, large: answering("never"), journal }).compile();
    const parent = new StateGraph(State)
      .addNode("left", cascade(left))
      .addNode("right", cascade(right))
      .addEdge(START, "left")
      .addEdge(START, "right")
      .addEdge("left", END)
      .addEdge("right", END)
      .compile({ checkpointer: new MemorySaver() });
    const running = parent.invoke(asking("one"), { ...config, durability: "exit" });
    await expect(running).rejects.toMatchObject({ code: "AUTH_REJECTED" });
    const kept = await journal.list("t");
    expect(kept.filter(({ attempt }) => attempt.state === "answered")).toHaveLength(6);
    expect(kept.filter(({ namespace }) => !namespace.startsWith("left:"))).toEqual([]);
    mended = true;
    const before = left.asked.length;
    await parent.invoke(null, config);
    expect(right.asked).toHaveLength(12);
    expect(left.asked.slice(before).filter(isPlan)).toEqual([]);
  });

  it("lets no draft into the parent's stream of messages", async () => {
    const parent = parentOf({ small: bySample({ solo: UNLIKE, guided: UNLIKE }), large: answering("taken over") });
    const seen: string[] = [];
    const stream = await parent.stream(asking("one"), { ...config, streamMode: "messages", subgraphs: true });
    for await (const [, [message]] of stream as AsyncIterable<[unknown, [{ text: string }]]>) seen.push(message.text);
    expect(new Set(seen)).toEqual(new Set(["taken over"]));
  });
});
