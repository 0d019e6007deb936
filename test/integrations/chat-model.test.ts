import { AIMessage, HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import { StringOutputParser } from "@langchain/core/output_parsers";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { Annotation, Command, END, MemorySaver, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { describe, expect, expectTypeOf, it, vi } from "vitest";
import { z } from "zod";
import type { CopeOptions } from "../../src/index.js";
import { CopeChatModel } from "../../src/integrations/index.js";
import { failure, scriptedModel, type Asked, type ScriptedReply } from "../../src/testing/index.js";
import { StreamingModel } from "../support/streaming-model.js";
import { acting, adder, advising, calls } from "./agents.js";
import { doubtful, POSING, sure, TAKEN_OVER } from "./cascades.js";

const boxed = (n: number) => `It is $\\boxed{${n}}$.`;
/** Answers by a function of what is asked; plans are "Count." */
const model = (reply: (asked: Asked) => ScriptedReply, as?: string) =>
  scriptedModel((asked) => (asked.purpose === "execute" ? reply(asked) : "Count."), as ? { as } : {});
const maths = (more: CopeOptions = {}) =>
  new CopeChatModel({
    family: "math",
    samples: 4,
    small: model(() => boxed(42)),
    large: model(() => boxed(7)),
    ...more,
  });
const QUESTION = "What is 6 times 7?";

describe("CopeChatModel", () => {
  it("answers in a chain, streamed and in batches, each with its own answer", async () => {
    const small = model(({ user }) => boxed(Number(/\d+/.exec(user)![0]) * 2));
    const chain = ChatPromptTemplate.fromTemplate("What is {n} times 2?")
      .pipe(maths({ small }))
      .pipe(new StringOutputParser());
    expect(await chain.invoke({ n: 4 })).toBe(boxed(8));
    const batch = await chain.batch([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect(batch).toEqual([boxed(2), boxed(4), boxed(6)]);
    let streamed = "";
    for await (const piece of await chain.stream({ n: 5 })) streamed += piece;
    expect(streamed).toBe(boxed(10));
  });

  it("counts the whole run: drafts and plans of all stages, as the servers counted them", async () => {
    const { small, large, ...options } = doubtful();
    const { usage_metadata, response_metadata } = await new CopeChatModel({ small, large, ...options }).invoke("Why?");
    const { ledger } = response_metadata["cope"] as { ledger: any };
    const { small: few, large: many } = ledger.byRole;
    expect(few.calls + many.calls).toBe(small.asked.length + large.asked.length);
    expect(usage_metadata).toEqual({
      input_tokens: few.inputTokens + many.inputTokens,
      output_tokens: few.outputTokens + many.outputTokens,
      total_tokens: few.inputTokens + many.inputTokens + few.outputTokens + many.outputTokens,
    });
  });

  it("counts nothing where a server did not: absent, not 0; and an unknown price is null, not free", async () => {
    const uncounted = model(() => ({ text: boxed(42), usage: null }));
    const { usage_metadata, response_metadata } = await maths({ small: uncounted }).invoke(QUESTION);
    expect(usage_metadata).toBeUndefined();
    expect(response_metadata).toMatchObject({
      cope: { ledger: { usd: null, byRole: { small: { inputTokens: null } } } },
    });
  });

  it("claims no saving in a run where the large model did all the work", async () => {
    const small = model(({ index }) => boxed(index!), "openai:gpt-4o-mini");
    const { response_metadata } = await maths({ small, large: model(() => boxed(42), "openai:gpt-4o") }).invoke(
      QUESTION,
    );
    const { ledger, stage } = response_metadata["cope"] as any;
    expect(stage).toBe("takeover");
    expect(ledger.usd).toBeGreaterThan(ledger.ifLargeAlone.usd);
  });

  it("tells how it came to the answer", async () => {
    const { response_metadata } = await maths().invoke(QUESTION);
    expect(response_metadata).toMatchObject({
      model_provider: "cope",
      finish_reason: "stop",
      cope: {
        stage: "solo",
        value: "42",
        confidence: expect.any(Number),
        stages: [{ name: "solo", decision: "accept" }],
        verdicts: [{ stage: "solo", decision: "accept" }],
        ledger: { byRole: { small: { calls: 6 } } },
      },
    });
  });

  it("lets an unreadable draft lose its vote, and answers", async () => {
    const small = model(({ index }) => (index === 0 ? "I do not know." : boxed(42)));
    const { text, response_metadata } = await maths({ small }).invoke(QUESTION);
    expect(text).toBe(boxed(42));
    expect(response_metadata).toMatchObject({ cope: { value: "42" } });
  });

  it("shows its models what was said before, instructions included", async () => {
    const small = model(() => boxed(42));
    const before = [new SystemMessage("Answer in French."), new HumanMessage("Hello"), new AIMessage("Bonjour")];
    await maths({ small }).invoke([...before, new HumanMessage(QUESTION)]);
    for (const { messages, system } of small.asked) {
      expect(system).toContain("Answer in French.");
      expect(messages.slice(-3, -1)).toEqual([
        { role: "user", content: "Hello" },
        { role: "assistant", content: "Bonjour" },
      ]);
    }
  });

  it("keeps one result per call, also of calls at the same time", async () => {
    const small = model(({ user }) => boxed(Number(/\d+/.exec(user)![0])));
    const asked = maths({ small });
    const answers = await Promise.all([1, 2, 3, 4].map((n) => asked.invoke(`What is ${n} times 1?`)));
    expect(answers.map(({ response_metadata }) => (response_metadata["cope"] as any).value)).toEqual([
      "1",
      "2",
      "3",
      "4",
    ]);
  });

  it("takes seed, budget and stops by call", async () => {
    const small = model(() => `${boxed(42)} END and more`);
    const asked = maths({ small });
    const seeds = async (options: object) => {
      small.asked.length = 0;
      await asked.invoke(QUESTION, options);
      return small.asked.map(({ seed }) => seed);
    };
    expect(await seeds({ seed: 1 })).toEqual(await seeds({ seed: 1 }));
    expect(await seeds({ seed: 1 })).not.toEqual(await seeds({ seed: 2 }));
    const { response_metadata } = await asked.invoke(QUESTION, { cope: { budget: { calls: 2 } } });
    expect(response_metadata).toMatchObject({ cope: { stopped: "budget", ledger: { calls: 2 } } });
    const cut = await asked.invoke(QUESTION, { stop: [" END"] });
    expect(cut.text).toBe(boxed(42));
  });

  it("shows nothing of a streamed text that a stop string cuts", async () => {
    const pieces: string[] = [];
    for await (const { text } of await new CopeChatModel(doubtful()).stream("Why?", { stop: [" since"] }))
      pieces.push(text);
    expect(pieces.join("")).toBe("The sky is blue");
  });

  it("says at construction what is wrong with its options", () => {
    expect(() => new CopeChatModel({ temperature: 0 } as never)).toThrow(/OPTIONS_INVALID.*CopeChatModel.*temperature/);
    expect(() => new CopeChatModel({ samples: 0 })).toThrow(/OPTIONS_INVALID.*samples/);
  });

  it("refuses what it cannot read instead of leaving it out", async () => {
    const image = { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } };
    const asked = maths().invoke([new HumanMessage({ content: [{ type: "text", text: "What is this?" }, image] })]);
    await expect(asked).rejects.toMatchObject({
      code: "REQUEST_REJECTED",
      message: expect.stringContaining("image_url"),
    });
  });

  it("is not led astray by the context of the graph around, nor does its question end up there", async () => {
    const asked = maths();
    const node = async ({ messages }: typeof MessagesAnnotation.State) => ({
      messages: [await asked.invoke(messages)],
    });
    const graph = new StateGraph(MessagesAnnotation, Annotation.Root({ samples: Annotation<string> }))
      .addNode("ask", node)
      .addEdge(START, "ask")
      .addEdge("ask", END)
      .compile();
    const { messages } = await graph.invoke(
      { messages: [new HumanMessage(QUESTION)] },
      { context: { samples: "many" } },
    );
    expect(messages.map(({ text }) => text)).toEqual([QUESTION, boxed(42)]);
  });
});

describe("a streamed answer", () => {
  it("is the answer once a word of it is out: no other follows where it breaks off", async () => {
    const { small, ...options } = doubtful();
    const broken = new Breaking([], POSING);
    const pieces: string[] = [];
    const stream = await new CopeChatModel({ ...options, small, large: broken }).stream("Why?");
    const read = async () => {
      for await (const { text } of stream) pieces.push(text);
    };
    await expect(read()).rejects.toMatchObject({ code: "STREAM_CUT", partial: "Half an " });
    expect(pieces.join("")).toBe("Half an ");
  });

  it("falls back where nothing of it was out: one answer, of an earlier stage", async () => {
    const pieces: string[] = [];
    for await (const { text } of await new CopeChatModel(doubtful(failure("refused"))).stream("Why?"))
      pieces.push(text);
    expect(pieces.join("")).toBe("Drafted 1.");
  });

  it("ends the run's calls where it is aborted", async () => {
    const gone = vi.fn<() => void>();
    const waiting = scriptedModel(({ signal }) => {
      signal?.addEventListener("abort", gone);
      return new Promise(() => {});
    }, POSING);
    const left = new AbortController();
    const asked = new CopeChatModel({ ...sure(), small: waiting }).invoke("Why?", { signal: left.signal });
    setTimeout(() => left.abort(new Error("no longer wanted")), 500);
    await expect(asked).rejects.toThrow(/no longer wanted|abort/i);
    await vi.waitFor(() => expect(gone).toHaveBeenCalled());
  });

  it("shows in events of a chain as one: no draft among the pieces", async () => {
    const events = [];
    for await (const event of new CopeChatModel(doubtful()).streamEvents("Why?", { version: "v2" })) events.push(event);
    const pieces = events.filter(({ event }) => event === "on_chat_model_stream");
    expect(pieces.map(({ data }) => data.chunk.text).join("")).toBe(TAKEN_OVER);
    expect(events.at(-1)).toMatchObject({ event: "on_chat_model_end", data: { output: { content: TAKEN_OVER } } });
  });

  it("is traced with all that led to it", async () => {
    const started: string[] = [];
    const callbacks = [{ handleChatModelStart: (_: unknown, [said]: any) => void started.push(said.at(-1).text) }];
    const { small, large, ...options } = doubtful();
    await new CopeChatModel({ small, large, ...options }).invoke("Why?", { callbacks });
    expect(started).toHaveLength(1 + small.asked.length + large.asked.length + 1);
  });
});

/** A model whose last text breaks off after two words. */
class Breaking extends StreamingModel {
  override async *_streamResponseChunks(...args: Parameters<StreamingModel["_streamResponseChunks"]>) {
    let words = 0;
    for await (const chunk of super._streamResponseChunks(...args)) {
      if ((words += 1) > 2) throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
      yield chunk;
    }
  }

  override async _generate() {
    const message = new AIMessage({ content: "Half an answer.", response_metadata: { finish_reason: "stop" } });
    return { generations: [{ text: message.text, message }] };
  }
}

describe("withStructuredOutput", () => {
  const Person = z.object({ name: z.string(), age: z.number().int() });
  const ADA = '{"name": "Ada", "age": 36}';

  it("gives the parsed object, by the vote of the small model alone where it agrees with itself", async () => {
    const small = model(({ index }) => (index === 0 ? '{"name": "Ada"}' : `Here you are:\n\`\`\`json\n${ADA}\n\`\`\``));
    const large = model(() => ADA);
    const structured = maths({ small, large }).withStructuredOutput(Person, { includeRaw: true });
    const { raw, parsed } = await structured.invoke("Ada is 36.");
    expectTypeOf(parsed).toEqualTypeOf<{ name: string; age: number }>();
    expect(parsed).toEqual({ name: "Ada", age: 36 });
    expect(raw.response_metadata).toMatchObject({ cope: { stage: "solo" } });
    expect(large.asked).toEqual([]);
  });

  it("takes a plain JSON schema, and streams the object once", async () => {
    const schema = z.toJSONSchema(Person);
    const values = [];
    const structured = maths({ small: model(() => ADA) }).withStructuredOutput(schema as never);
    for await (const value of await structured.stream("Ada is 36.")) values.push(value);
    expect(values.at(-1)).toEqual({ name: "Ada", age: 36 });
  });

  it("asks the large model where drafts differ, and adds no key of its own", async () => {
    const small = model(({ index }) => `{"name": "Ada", "age": ${index}}`);
    const structured = maths({ small, large: model(() => ADA) }).withStructuredOutput(Person.strict());
    const ada = await structured.invoke("Ada is 36.");
    expectTypeOf(ada).toEqualTypeOf<{ name: string; age: number }>();
    expect(ada).toEqual({ name: "Ada", age: 36 });
  });

  it("says that nothing could be read where no model keeps to the schema", async () => {
    const structured = maths({ small: model(() => "no"), large: model(() => "no") }).withStructuredOutput(Person);
    await expect(structured.invoke("Ada is 36.")).rejects.toThrow(/pars/i);
  });
});

describe("bindTools", () => {
  const { add } = adder();
  const steps = (more: CopeOptions = {}) =>
    new CopeChatModel({ samples: 4, small: acting([calls(3, 4), "It is 7."]), large: advising("never"), ...more });

  it("calls a tool when most drafts do, whatever the order of arguments and the form of numbers", async () => {
    const forms: ScriptedReply[] = [
      { text: "", toolCalls: [{ name: "add", args: { b: 4, a: 3 } }] },
      { text: "I add.", toolCalls: [{ name: "add", args: { a: 3, b: 4.0 } }] },
      { text: "", toolCalls: [{ name: "add", args: { a: "three", b: 4 } }] },
      { text: "", brokenCalls: [{ name: "add", args: "{a: " }] },
    ];
    const { tool_calls, response_metadata, content } = await steps({ small: acting([forms]), thresholds: [0.5, 0.5] })
      .bindTools([add])
      .invoke("What is 3 + 4?");
    expect(tool_calls).toEqual([
      { type: "tool_call", name: "add", args: { a: 3, b: 4 }, id: expect.stringMatching(/^[a-z0-9]{9}$/) },
    ]);
    expect(content).toBe("");
    expect(response_metadata).toMatchObject({ finish_reason: "tool_calls", cope: { stage: "solo" } });
  });

  it("answers when the results are there, and takes steps that other models took", async () => {
    const made = { type: "tool_call" as const, id: "toolu_01", name: "add", args: { a: 3, b: 4 } };
    const content = [
      { type: "thinking", thinking: "I must add.", signature: "abc" },
      { type: "tool_use", id: "toolu_01", name: "add", input: { a: 3, b: 4 } },
    ];
    const small = acting([calls(3, 4), "It is 7."]);
    const said = [
      new HumanMessage("What is 3 + 4?"),
      new AIMessage({ id: "msg_01", content: content as never, tool_calls: [made] }),
      new ToolMessage({ tool_call_id: "toolu_01", content: "7" }),
    ];
    const answer = await steps({ small }).bindTools([add]).invoke(said);
    expect(answer).toMatchObject({ content: "It is 7.", tool_calls: [] });
    expect(JSON.stringify(small.asked.map(({ messages }) => messages))).not.toMatch(
      /toolu_01|msg_01|signature|thinking/,
    );
  });

  it("has nothing of a provider in what it answers", async () => {
    const { small, large, ...options } = doubtful();
    const chunks = [];
    for await (const chunk of await new CopeChatModel({ small, large, ...options }).stream("Why?")) chunks.push(chunk);
    expect(JSON.stringify(chunks)).not.toContain("chatcmpl");
    expect(chunks.flatMap(({ additional_kwargs }) => Object.keys(additional_kwargs))).toEqual([]);
  });

  it.each(["any", "add"])("takes no answer for a call where one must be made (%s)", async (tool_choice) => {
    const small = acting([["It is 7.", calls(3, 4), calls(3, 4), calls(3, 4)]]);
    const { tool_calls } = await steps({ small }).bindTools([add], { tool_choice }).invoke("What is 3 + 4?");
    expect(tool_calls).toMatchObject([{ name: "add" }]);
  });

  it("ends in a coded error where a call must be made and no model names one that fits", async () => {
    const talks = acting([["It is 7.", "It is 7.", "It is 7.", "It is 7."]]);
    const asked = steps({ small: talks, large: acting(["It is 7."]) }).bindTools([add], { tool_choice: "any" });
    await expect(asked.invoke("What is 3 + 4?")).rejects.toMatchObject({ code: "MODEL_FAILED" });
  });

  it("refuses tools that a provider runs by itself", () => {
    expect(() => steps().bindTools([{ type: "web_search_preview" } as never])).toThrow(/"web_search_preview"/);
  });

  it("calls none where none may be called, and tells what tools returned in words", async () => {
    const { messages } = await stepsSoFar();
    const small = model(() => boxed(7));
    const answer = await maths({ small }).bindTools([add], { tool_choice: "none" }).invoke(messages);
    expect(answer).toMatchObject({ content: boxed(7), tool_calls: [] });
    expect(small.asked[0]!.tools).toEqual([]);
    expect(small.asked.at(-1)!.user).toMatch(/What is 3 \+ 4\?[^]*add returned: 7/);
  });

  it("refuses a choice of a tool that it was not given", async () => {
    const asked = steps().bindTools([add], { tool_choice: "fly" }).invoke("What is 3 + 4?");
    await expect(asked).rejects.toMatchObject({ code: "OPTIONS_INVALID", message: expect.stringContaining("fly") });
  });

  async function stepsSoFar() {
    const call = await steps().bindTools([add]).invoke("What is 3 + 4?");
    const result = new ToolMessage({ tool_call_id: call.tool_calls![0]!.id!, content: "7" });
    return { messages: [new HumanMessage("What is 3 + 4?"), call, result] };
  }
});

describe("in a graph with a checkpointer", () => {
  const inGraph = (asked: CopeChatModel) =>
    new StateGraph(MessagesAnnotation)
      .addNode("ask", async ({ messages }) => ({ messages: [await asked.invoke(messages)] }))
      .addEdge(START, "ask")
      .addEdge("ask", END)
      .compile({ checkpointer: new MemorySaver() });
  const thread = { configurable: { thread_id: "t" } };

  it("waits for a person within the model's call, and buys nothing again when it goes on", async () => {
    const small = model(({ index }) => boxed(index!));
    const graph = inGraph(maths({ small, large: model(() => boxed(42)), ask: { guideline: true } }));
    const waiting: any = await graph.invoke({ messages: [new HumanMessage(QUESTION)] }, thread);
    expect(waiting.__interrupt__).toHaveLength(1);
    const bought = small.asked.length;
    const { messages } = await graph.invoke(new Command({ resume: { decision: "approve" } }), thread);
    expect(messages.at(-1)!.text).toBe(boxed(42));
    expect(small.asked.slice(bought).every(({ stage }) => stage === "guided")).toBe(true);
  });

  it("waits so, too, where its messages are streamed, and streams the answer once when it goes on", async () => {
    const small = model(({ index }) => boxed(index!));
    const graph = inGraph(maths({ small, large: model(() => boxed(42)), ask: { guideline: true } }));
    const texts: string[] = [];
    const waiting: number[] = [];
    for (const input of [
      { messages: [new HumanMessage(QUESTION)] },
      new Command({ resume: { decision: "approve" } }),
    ]) {
      const stream = await graph.stream(input as never, { ...thread, streamMode: "messages" });
      for await (const [message] of stream) if (message.text !== "") texts.push(message.text);
      waiting.push((await graph.getState(thread)).tasks.flatMap(({ interrupts }) => interrupts).length);
    }
    expect(texts).toEqual([boxed(42)]);
    expect(waiting).toEqual([1, 0]);
  });

  it("asks anew each turn, with what was said before", async () => {
    const small = model(() => boxed(42));
    const graph = inGraph(maths({ small }));
    await graph.invoke({ messages: [new HumanMessage(QUESTION)] }, thread);
    const first = small.asked.length;
    const { messages } = await graph.invoke({ messages: [new HumanMessage("What is 40 + 2?")] }, thread);
    expect(messages).toHaveLength(4);
    expect(small.asked.length).toBe(2 * first);
  });
});
