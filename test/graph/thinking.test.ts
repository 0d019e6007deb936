import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { describe, expect, it } from "vitest";
import { createCope, createMath, openTape, type CopeOptions } from "../../src/index.js";
import type { Answer } from "../../src/state/answer.js";
import type { RunState } from "../../src/state/channels.js";
import { answering, FakeModel, isPlan } from "../support/fake-model.js";
import { plain } from "../support/plain-family.js";

const KEYS = ["answer", "plans", "samples", "verdicts", "calls", "settings", "messages"] as const;

/** A run with what its nodes wrote. */
const run = async (options: CopeOptions, input: object = { question: "q" }) => {
  const cope = createCope({ family: plain, ...options }).compile();
  return (await cope.invoke(input as { question: string }, { outputKeys: [...KEYS] })) as unknown as RunState & {
    answer: Answer;
  };
};

const thinking = (text: string, thought = "\\boxed{5}. Wait") => `<think>\n${thought}\n</think>\n${text}`;

describe("what models write for themselves", () => {
  it("is no answer: what is said behind it is read", async () => {
    const small = new FakeModel(() => thinking("The answer is 6."));
    const { answer } = await run({ small, large: answering("never"), family: createMath(), stages: "cascade" });
    expect(answer).toMatchObject({ value: "6", text: "The answer is 6.", stage: "small" });
  });

  it("does not vote where it is cut", async () => {
    const small = new FakeModel((asked) => (isPlan(asked) ? "Find it." : "<think>\nSo \\boxed{5}. Wait, maybe"));
    const { answer, samples } = await run({
      small,
      large: answering("The answer is 6."),
      family: createMath(),
      stages: "cascade",
    });
    expect(answer).toMatchObject({ value: "6", stage: "large" });
    expect(samples[0]).toMatchObject({
      text: "",
      thinking: "So \\boxed{5}. Wait, maybe",
      unread: "it only thought, and said nothing",
    });
  });

  it("is not shown to executors as a plan, and is kept with it", async () => {
    const small = new FakeModel((asked) => (isPlan(asked) ? thinking("Count the cases.", "a goal…") : "a"));
    const { plans } = await run({ small, large: answering("never") });
    expect(plans[0]).toMatchObject({ text: "Count the cases.", thinking: "a goal…" });
    expect(small.asked.filter((asked) => !isPlan(asked)).map(({ user }) => user)).not.toContainEqual(
      expect.stringContaining("think"),
    );
  });

  it("stays out of the conversation, and out of what later turns are shown", async () => {
    const small = new FakeModel((asked) => (isPlan(asked) ? "goal" : thinking("It is blue.")));
    const { messages } = await run(
      { small, large: answering("never"), family: "chat", stages: "small" },
      {
        messages: [
          new HumanMessage("Hello."),
          new AIMessage("<think>greet</think>Hello!"),
          new HumanMessage("What colour is the sea?"),
        ],
      },
    );
    expect((messages as AIMessage[]).at(-1)!.text).toBe("It is blue.");
  });

  it("of earlier turns is shown to no model, in no family", async () => {
    const small = new FakeModel(() => "6");
    const messages = [new HumanMessage("hi"), new AIMessage("<think>secret</think>Hello!"), new HumanMessage("2 + 4?")];
    for (const family of ["chat", createMath(), "action"] as const) {
      const asked: unknown[] = [];
      const generate = small._generate.bind(small);
      small._generate = (said, options) => (asked.push(...said.map(({ text }) => text)), generate(said, options));
      await run({ small, large: small, family, stages: "small" }, { messages });
      expect(asked.join("\n")).toContain("Hello!");
      expect(asked.join("\n")).not.toContain("secret");
    }
  });

  it("is taken off what an earlier version recorded, too", async () => {
    const tape = openTape(":memory:");
    const small = new FakeModel((asked) => (isPlan(asked) ? "goal" : "a"));
    const options = { small, large: answering("never"), stages: "small" as const, tape };
    // As it stands on the tapes of versions that did not separate.
    const raw = { text: thinking("b"), usage: { inputTokens: 1, outputTokens: 1 }, ms: 1, finish: "stop" };
    const recorded = { ...tape, once: async () => ({ reply: raw, cached: true }) } as typeof tape;
    const { answer, samples } = await run({ ...options, tape: recorded });
    expect(answer.value).toBe("b");
    expect(samples[0]!.thinking).toBe("\\boxed{5}. Wait");
    tape.close();
  });
});

describe("an empty plan", () => {
  const unlike = () => {
    let count = 0;
    return new FakeModel((asked) => (isPlan(asked) ? "goal" : `a${count++}`));
  };

  it("is a failed one: it is told, it is in the ledger, and its samples are not paid", async () => {
    const large = new FakeModel((asked) => (isPlan(asked) ? "<think>advice, perhaps" : "right"));
    const small = unlike();
    const { answer, plans, verdicts, calls } = await run({ small, large, attempts: 1 });
    expect(answer).toMatchObject({ value: "right", stage: "takeover" });
    expect(plans.at(-1)).toMatchObject({
      kind: "guideline",
      text: "",
      thinking: "advice, perhaps",
      failed: { code: "PLAN_EMPTY", message: "it only thought, and said nothing" },
    });
    expect(verdicts.find(({ stage }) => stage === "guided")!.why).toContain(
      "the guideline was empty (it only thought, and said nothing)",
    );
    expect(calls.find(({ purpose }) => purpose === "guideline")).toMatchObject({
      status: "answered",
      error: "PLAN_EMPTY",
    });
    expect(small.asked.some(({ user }) => user.includes("guideline="))).toBe(false);
  });

  it("of a planner that thought and then said no goal costs no vote", async () => {
    const small = new FakeModel(() => thinking("The answer is 6."));
    const { answer, plans } = await run({ small, large: answering("never"), family: createMath() });
    expect(plans[0]).toMatchObject({ text: "", failed: { code: "PLAN_EMPTY" } });
    expect(answer).toMatchObject({ value: "6", stage: "solo", confidence: 0.75 });
  });

  it("is asked for once more with room, where nobody knew that the model thinks", async () => {
    const limits: unknown[] = [];
    const large = new FakeModel((asked) =>
      isPlan(asked) ? (asked.count === 0 ? "<think>hm" : thinking("Advice.")) : "x",
    );
    const generate = large._generate.bind(large);
    large._generate = (messages, options) => {
      limits.push((options as { maxTokens?: number }).maxTokens);
      return generate(messages, options);
    };
    const { plans, settings } = await run({ small: unlike(), large, thinking: { tokens: 500 } });
    expect(plans.at(-1)).toMatchObject({ kind: "guideline", text: "Advice." });
    // The plain family's limit of a guideline, the same with room, and what takes over: by then it is known.
    expect(limits).toEqual([20, 520, 530]);
    expect(settings.thinking).toEqual({ tokens: 500, rooms: { large: 500 } });
  });
});
