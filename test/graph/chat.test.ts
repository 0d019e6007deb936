import { AIMessage, HumanMessage, SystemMessage } from "@langchain/core/messages";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { HISTORY_LIMITS } from "../../src/families/history.js";
import { createCope, type CopeOptions } from "../../src/index.js";
import { startOpenAiServer, type ChatRequest } from "../support/openai-server.js";

const isDraft = ({ messages }: ChatRequest) => messages[0]!.content.startsWith("You are a helpful");

/** A chat cascade on a server that tells log-probabilities; `surest` gives the best one among samples with these messages. */
async function serve(surest: (request: ChatRequest) => number, options: CopeOptions = {}) {
  vi.stubEnv("OPENAI_API_KEY", "unused");
  let drafts = 0;
  const server = await startOpenAiServer((request: ChatRequest & { logprobs?: boolean }) => {
    // One sample in eight is as sure as that; others are less so.
    const logprob = isDraft(request) && drafts++ % 8 === 5 ? surest(request) : -3;
    const content = isDraft(request) ? `Answer ${request.messages.length}: ${logprob}` : "A plan of a good answer.";
    const logprobs = request.logprobs ? { content: [{ token: content, logprob, top_logprobs: [] }] } : null;
    return {
      raw: JSON.stringify({
        id: "1",
        choices: [{ index: 0, message: { role: "assistant", content }, logprobs, finish_reason: "stop" }],
        usage: { prompt_tokens: 5, completion_tokens: 1, total_tokens: 6 },
      }),
    };
  });
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await server.close();
  });
  const model = `openai:m@${server.url}`;
  const graph = createCope({ family: "chat", small: model, large: model, ...options });
  /** What was asked for the cascade: the request that asks the server what it can do is none of these. */
  const asked = () => server.requests.filter(({ messages }) => messages.length > 1);
  return { graph, asked };
}

const hasGuideline = ({ messages }: ChatRequest) => messages.at(-1)!.content.includes("Guideline:");

describe("an open question", () => {
  it("is answered by the sample with the lowest perplexity, in the first stage that is sure enough", async () => {
    const { graph } = await serve((request) => (hasGuideline(request) ? -0.1 : -0.5));
    const { answer, stages } = await graph.compile().invoke({ question: "Why do leaves turn red?" });
    expect(stages[0]).toMatchObject({ name: "solo", threshold: 0.7, confidence: Math.exp(-0.5) });
    expect(answer).toMatchObject({ value: "Answer 2: -0.1", stage: "guided", confidence: Math.exp(-0.1) });
    expect(stages[1]!.why).toContain("lowest perplexity of 8 samples is 1.11");
  });

  it("is held against the family's thresholds also where its scorer was named", async () => {
    const { graph } = await serve(() => -0.3, { scorer: "perplexity" });
    const { stages } = await graph.compile().invoke({ question: "Why do leaves turn red?" });
    // Below the vote's 0.75.
    expect(stages[0]).toMatchObject({
      name: "solo",
      threshold: 0.7,
      confidence: Math.exp(-0.3),
      decision: "accept",
    });
  });

  it("is held against the thresholds that were chosen, where some were", async () => {
    const { graph } = await serve(() => -0.5, { thresholds: [0.6, 0.9] });
    const { answer } = await graph.compile().invoke({ question: "Why do leaves turn red?" });
    expect(answer).toMatchObject({ stage: "solo", confidence: Math.exp(-0.5) });
  });
});

describe("a conversation", () => {
  it("is shown to every planner and executor of the next turn, which is a cascade of its own", async () => {
    const { graph, asked } = await serve(() => -0.1);
    const cope = graph.compile({ checkpointer: new MemorySaver() });
    const thread = { configurable: { thread_id: "t" } };
    await cope.invoke({ question: "First?" }, thread);
    const first = asked().length;
    const { answer, messages, ledger } = await cope.invoke({ question: "Second?" }, thread);
    expect(answer.value).toBe("Answer 4: -0.1");
    expect(messages!.map(({ text }) => text)).toEqual(["First?", "Answer 2: -0.1", "Second?", "Answer 4: -0.1"]);
    expect(ledger.calls).toBe(16);
    const later = asked().slice(first);
    expect(later).toHaveLength(16);
    for (const request of later)
      expect(request.messages.slice(-3, -1)).toEqual([
        { role: "user", content: "First?" },
        { role: "assistant", content: "Answer 2: -0.1" },
      ]);
    expect(JSON.stringify(asked().slice(0, first))).not.toContain("Answer 2");
  });

  it("may come whole, of 200 turns, of which the newest are shown", async () => {
    const { graph, asked } = await serve(() => -0.1);
    const turns = Array.from({ length: 200 }, (_, i) => [new HumanMessage(`u${i}`), new AIMessage(`a${i}`)]).flat();
    const { answer } = await graph.compile().invoke({ messages: [...turns, new HumanMessage("And now?")] });
    expect(answer.stage).toBe("solo");
    const draft = asked().find(isDraft)!;
    expect(draft.messages).toHaveLength(HISTORY_LIMITS.messages + 2);
    expect(draft.messages.slice(-2).map(({ content }) => content.slice(0, 8))).toEqual(["a199", "And now?"]);
  });

  it("without a question at its end is refused before any call", async () => {
    const { graph, asked } = await serve(() => -0.1);
    for (const messages of [
      [],
      [new AIMessage("Hello")],
      [new HumanMessage(" ")],
      [new HumanMessage("Hi"), new AIMessage("Hello")],
      [new SystemMessage("Be brief.")],
    ])
      await expect(graph.compile().invoke({ messages })).rejects.toThrow("[TASK_INVALID]");
    expect(asked()).toEqual([]);
  });
});
