import { AIMessage } from "@langchain/core/messages";
import {
  Annotation,
  Command,
  INTERRUPT,
  MemorySaver,
  MessagesAnnotation,
  START,
  StateGraph,
} from "@langchain/langgraph";
import { ToolNode } from "@langchain/langgraph/prebuilt";
import { describe, expect, it } from "vitest";
import { createCope, Pending, type CopeOptions } from "../../src/index.js";
import { CopeChatModel, copeTool } from "../../src/integrations/index.js";
import { scriptedModel } from "../../src/testing/index.js";

/** Asks a person before anything leaves; one sample decides. */
function leaving() {
  const asked: string[] = [];
  const model = scriptedModel(({ messages }) => (asked.push(messages.at(-1)!.content), "\\boxed{5}"), {
    as: "openai:gpt-4o-mini",
  });
  const options: CopeOptions = {
    small: model,
    large: model,
    family: "math",
    stages: "majority",
    samples: 1,
    ask: { leaving: true },
  };
  return { asked, options };
}

const State = Annotation.Root({ out: Annotation<string[]>({ reducer: (a, b) => [...a, ...b], default: () => [] }) });
const thread = () => ({ configurable: { thread_id: crypto.randomUUID() } });
interface Waiting {
  id: string;
  value: Pending;
}
const waiting = (state: unknown): Waiting[] => ((state as Record<string, unknown>)[INTERRUPT] ?? []) as Waiting[];
const shown = (state: unknown): string[] =>
  waiting(state).map(({ value }) => Pending.parse(value).requests[0]!.messages.at(-1)!.content);

/** One node that asks several questions at once. */
function batching(questions: string[]) {
  const { asked, options } = leaving();
  const model = new CopeChatModel(options);
  const graph = new StateGraph(State)
    .addNode("ask", async () => {
      const said = await model.batch(questions);
      return { out: said.map(({ text }) => text) };
    })
    .addEdge(START, "ask")
    .compile({ checkpointer: new MemorySaver() });
  return { asked, graph, config: thread() };
}

describe("an answer counts for what was shown", () => {
  it("of several questions in one node each is shown after the one before it, and waits for an answer of its own", async () => {
    const { asked, graph, config } = batching(["A?", "B?", "C?"]);
    expect(shown(await graph.invoke({ out: [] }, config))).toEqual(["A?"]);
    expect(shown(await graph.invoke(new Command({ resume: "approve" }), config))).toEqual(["B?"]);
    expect(asked).toEqual(["A?"]);
    expect(shown(await graph.invoke(new Command({ resume: { decision: "approve" } }), config))).toEqual(["C?"]);
    expect(asked).toEqual(["A?", "B?"]);
    const { out } = await graph.invoke(new Command({ resume: "approve" }), config);
    expect(out).toHaveLength(3);
    expect(asked).toEqual(["A?", "B?", "C?"]);
  });

  it("a rejection after an approval is a rejection", async () => {
    const { asked, graph, config } = batching(["A?", "B?"]);
    await graph.invoke({ out: [] }, config);
    await graph.invoke(new Command({ resume: "approve" }), config);
    await expect(graph.invoke(new Command({ resume: "reject" }), config)).rejects.toMatchObject({ code: "REJECTED" });
    expect(asked).toEqual(["A?"]);
  });

  it("the same question twice is two questions", async () => {
    const { asked, graph, config } = batching(["A?", "A?"]);
    const first = waiting(await graph.invoke({ out: [] }, config))[0]!.value;
    const second = waiting(await graph.invoke(new Command({ resume: "approve" }), config))[0]!.value;
    expect(asked).toHaveLength(1);
    expect(second.id).toBe(first.id);
    expect(second.place).not.toBe(first.place);
    await graph.invoke(new Command({ resume: "approve" }), config);
    expect(asked).toHaveLength(2);
  });

  it("a slip is asked about again, and the answer to that counts for this question alone", async () => {
    const { asked, graph, config } = batching(["A?", "B?"]);
    await graph.invoke({ out: [] }, config);
    const again = await graph.invoke(new Command({ resume: "perhaps" }), config);
    expect(shown(again)).toEqual(["A?"]);
    expect(waiting(again)[0]!.value.problem).toContain("perhaps");
    expect(shown(await graph.invoke(new Command({ resume: "approve" }), config))).toEqual(["B?"]);
    expect(asked).toEqual(["A?"]);
  });

  it("going on without an answer answers nothing", async () => {
    const { asked, graph, config } = batching(["A?", "B?"]);
    await graph.invoke({ out: [] }, config);
    await graph.invoke(null, config);
    expect(asked).toEqual([]);
    expect(shown(await graph.invoke(new Command({ resume: "approve" }), config))).toEqual(["B?"]);
    expect(shown(await graph.invoke(null, config))).toEqual(["B?"]);
    expect(asked).toEqual(["A?"]);
  });
});

describe("where several questions are shown at once", () => {
  function tools() {
    const { asked, options } = leaving();
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("tools", new ToolNode([copeTool(options)]))
      .addEdge(START, "tools")
      .compile({ checkpointer: new MemorySaver() });
    const tool_calls = ["A?", "B?"].map((question, i) => ({ name: "ask_cope", args: { question }, id: `c${i}` }));
    return { asked, graph, config: thread(), input: { messages: [new AIMessage({ content: "", tool_calls })] } };
  }

  it("parallel calls of copeTool in one node wait one after the other", async () => {
    const { asked, graph, config, input } = tools();
    expect(shown(await graph.invoke(input, config))).toEqual(["A?"]);
    expect(shown(await graph.invoke(new Command({ resume: "approve" }), config))).toEqual(["B?"]);
    expect(asked).toEqual(["A?"]);
    await graph.invoke(new Command({ resume: "approve" }), config);
    expect(asked).toEqual(["A?", "B?"]);
  });

  function parallel() {
    const { asked, options } = leaving();
    const cope = createCope(options).compile();
    const node = (question: string) => async () => ({ out: [(await cope.invoke({ question })).answer.text] });
    const graph = new StateGraph(State)
      .addNode("a", node("A?"))
      .addNode("b", node("B?"))
      .addEdge(START, "a")
      .addEdge(START, "b")
      .compile({ checkpointer: new MemorySaver() });
    return { asked, graph, config: thread() };
  }

  it("a bare answer counts for neither of two parallel subgraphs", async () => {
    const { asked, graph, config } = parallel();
    expect(shown(await graph.invoke({ out: [] }, config)).toSorted()).toEqual(["A?", "B?"]);
    const again = await graph.invoke(new Command({ resume: "approve" }), config);
    expect(asked).toEqual([]);
    expect(shown(again).toSorted()).toEqual(["A?", "B?"]);
    expect(waiting(again).map(({ value }) => value.problem)).toEqual([
      expect.stringContaining("several questions wait"),
      expect.stringContaining("several questions wait"),
    ]);
  });

  it("LangGraph's map of interrupts answers those that it names", async () => {
    const { asked, graph, config } = parallel();
    const all = waiting(await graph.invoke({ out: [] }, config));
    const b = all.find(({ value }) => value.requests[0]!.messages.at(-1)!.content === "B?")!;
    expect(shown(await graph.invoke(new Command({ resume: { [b.id]: "approve" } }), config))).toContain("A?");
    expect(asked).toEqual(["B?"]);
    const rest = await graph.invoke(new Command({ resume: "approve" }), config);
    expect(rest.out).toHaveLength(2);
    expect(asked).toEqual(["B?", "A?"]);
  });

  it("an answer with the question's `id` counts for that one", async () => {
    const { asked, graph, config } = parallel();
    const all = waiting(await graph.invoke({ out: [] }, config));
    const { id } = all.find(({ value }) => value.requests[0]!.messages.at(-1)!.content === "B?")!.value;
    await graph.invoke(new Command({ resume: { decision: "approve", id: id! } }), config);
    expect(asked).toEqual(["B?"]);
  });
});

describe("where what would be sent has changed since", () => {
  it("an answer to the old question sends nothing: the new one is shown", async () => {
    const { asked, options } = leaving();
    const cope = createCope(options).compile({ checkpointer: new MemorySaver() });
    const config = thread();
    const first = waiting(await cope.invoke({ question: "A?" }, config))[0]!.value;
    await cope.updateState(config, { task: { question: "Z?" } } as never, "intake");
    for (const resume of ["approve", { decision: "approve", id: first.id! }]) {
      const again = await cope.invoke(new Command({ resume }), config);
      expect(shown(again)).toEqual(["Z?"]);
      expect(waiting(again)[0]!.value.id).not.toBe(first.id);
      expect(asked).toEqual([]);
      await cope.updateState(config, { task: { question: "Z?" } } as never, "intake");
    }
    const last = waiting(await cope.invoke(null, config))[0]!.value;
    await cope.invoke(new Command({ resume: { decision: "approve", id: last.id! } }), config);
    expect(asked).toEqual(["Z?"]);
  });
});
