import { HumanMessage } from "@langchain/core/messages";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { createCope, recommendedRecursionLimit, resolveStages, type CopeOptions } from "../../src/index.js";
import { answering, FakeModel, httpError, isPlan } from "../support/fake-model.js";
import { plain } from "../support/plain-family.js";

const ask = (options: CopeOptions, input: object = { question: "q" }, config: object = {}) =>
  createCope({ family: plain, ...options })
    .compile()
    .invoke(input as never, config);

describe("the three stages", () => {
  it("asks the large model for nothing when the vote is clear", async () => {
    const small = answering("42");
    const large = answering("never");
    const { answer, stages, ledger } = await ask({ small, large });
    expect(answer).toMatchObject({ value: "42", text: "42", stage: "solo", confidence: 0.75 });
    expect(large.asked).toHaveLength(0);
    // Six of eight reach 0.75: the last two are never drawn; every sample has a goal of its own.
    expect(small.asked).toHaveLength(12);
    expect(stages).toMatchObject([{ name: "solo", planned: 8, drawn: 6, decision: "accept", threshold: 0.75 }]);
    expect(stages[0]!.plans).toHaveLength(6);
    expect(ledger).toMatchObject({
      calls: 12,
      usd: null,
      byRole: { small: { calls: 12, inputTokens: 120, outputTokens: 60 } },
    });
  });

  it("asks for one guideline when the vote is split, shows it with the goal of the leading answer, and accepts", async () => {
    const small = new FakeModel((asked) => {
      if (isPlan(asked)) return `goal ${asked.count}`;
      return asked.user.includes("guideline=") ? "right" : ["a", "b", "c", "d"][asked.count % 4]!;
    });
    const large = answering("never");
    const { answer, stages } = await ask({ small, large });
    expect(answer).toMatchObject({ value: "right", stage: "guided" });
    expect(stages.map(({ name, decision }) => [name, decision])).toEqual([
      ["solo", "escalate"],
      ["guided", "accept"],
    ]);
    expect(large.asked).toHaveLength(1);
    const guided = small.asked.filter(({ user }) => user.includes("guideline="));
    expect(new Set(guided.map(({ user }) => user)).size).toBe(1);
    expect(guided[0]!.user).toMatch(/^q\ngoal=goal \d+\nguideline=do q$/);
  });

  it("lets the large model take over with the guideline kept, when guided samples disagree too", async () => {
    const small = new FakeModel((asked) => (isPlan(asked) ? "goal" : String(asked.seed)));
    const large = new FakeModel((asked) => (isPlan(asked) ? "advice" : `took over: ${asked.user}`));
    const { answer, stages } = await ask({ small, large });
    expect(answer).toMatchObject({ value: "took over: q\nguideline=advice", stage: "takeover", confidence: null });
    expect(large.asked).toHaveLength(2);
    expect(stages.at(-1)).toMatchObject({
      name: "takeover",
      decision: "last",
      confidence: null,
      threshold: null,
      drawn: 1,
    });
  });

  it("gives every call a seed of its own, and the same seeds to the same run", async () => {
    const seeds = async (seed: number) => {
      const small = answering("42");
      await ask({ small, large: answering("x"), seed });
      return small.asked.map((asked) => asked.seed).toSorted((a, b) => a - b);
    };
    expect(new Set(await seeds(1)).size).toBe(12);
    expect(await seeds(1)).toEqual(await seeds(1));
    expect(await seeds(1)).not.toEqual(await seeds(2));
  });
});

describe("other stage lists", () => {
  it("S1+S2 never lets the large model execute, and its last stage votes without a threshold", async () => {
    const small = new FakeModel((asked) => (isPlan(asked) ? "goal" : String(asked.seed)));
    const large = answering("advice");
    const { answer, stages } = await ask({ small, large, stages: "cope:s1s2" });
    expect(large.asked.every(isPlan)).toBe(true);
    expect(answer.stage).toBe("guided");
    expect(stages.at(-1)).toMatchObject({ decision: "last", threshold: null, drawn: 8 });
  });

  it("S2+S3 begins with the guideline", async () => {
    const small = answering("yes");
    const large = answering("advice");
    const { answer, stages } = await ask({ small, large, stages: "cope:s2s3" });
    expect(answer).toMatchObject({ value: "yes", stage: "guided" });
    expect(stages[0]!.plans).toMatchObject([{ kind: "guideline", by: "large" }]);
    expect(small.asked.filter(isPlan)).toHaveLength(0);
  });

  it.each(["small", "majority", "large"])("%s is a single stage", async (strategy) => {
    const { answer, stages } = await ask({ small: answering("s"), large: answering("l"), stages: strategy });
    expect(stages).toHaveLength(1);
    expect(answer.value).toBe(strategy === "large" ? "l" : "s");
  });

  it("a list of five stages with four roles runs within its recommended recursion limit", async () => {
    const split = () => new FakeModel((asked) => (isPlan(asked) ? "goal" : String(asked.seed)));
    const stages = ["tiny", "small", "middle", "large"].map((by) => ({
      name: by,
      plan: { by, kind: "goal" as const },
      sees: ["goal" as const],
      execute: { by, samples: 8, temperature: 1, wave: "fewest" as const },
      accept: { threshold: 0.9 },
    }));
    const list = [...stages, { name: "final", execute: { by: "large", samples: 1, temperature: 0 } }];
    const models = { tiny: split(), middle: split() };
    const limit = recommendedRecursionLimit(resolveStages(list));
    const { answer } = await ask(
      { small: split(), large: split(), models, stages: list },
      { question: "q" },
      { recursionLimit: limit },
    );
    expect(answer.stage).toBe("final");
  });

  it("draws the paper's graph with its named nodes and labels", async () => {
    const drawn = await createCope({ family: plain }).compile().getGraphAsync();
    const edges = drawn.edges.map(
      ({ source, target, data }) => `${source} ${data && data !== target ? `-${data}-` : ""}> ${target}`,
    );
    expect(edges.toSorted()).toEqual(
      [
        "__start__ > intake",
        "intake -enter-> solo_plan",
        "solo_plan > solo_execute",
        "solo_execute > solo_check",
        "solo_check -accept-> finish",
        "solo_check -sample-> solo_plan",
        "solo_check -escalate-> guided_plan",
        "guided_plan -execute-> guided_execute",
        "guided_execute > guided_check",
        "guided_check -accept-> finish",
        "guided_check -sample-> guided_execute",
        "guided_check -escalate-> takeover_execute",
        "takeover_execute > finish",
        "finish > __end__",
      ].toSorted(),
    );
  });
});

describe("a thread of several questions", () => {
  it("answers the second question, not the first again, and keeps messages and the thread's bill", async () => {
    const small = new FakeModel((asked) => (isPlan(asked) ? "goal" : asked.user.startsWith("first") ? "1" : "2"));
    const cope = createCope({ family: plain, small, large: answering("x") }).compile({
      checkpointer: new MemorySaver(),
    });
    const config = { configurable: { thread_id: "t" } };
    expect((await cope.invoke({ question: "first" }, config)).answer.value).toBe("1");
    const second = await cope.invoke({ messages: [new HumanMessage("second")] }, config);
    expect(second.answer.value).toBe("2");
    const { values } = await cope.getState(config);
    expect(values.samples).toHaveLength(6);
    expect(values.samples[0].id).toBe("2/solo/0");
    expect(values.messages.map((message: { text: string }) => message.text)).toEqual(["first", "1", "second", "2"]);
    expect(values.bill).toEqual({ turns: 2, calls: 24, usd: null });
  });

  it("takes options at run time: context over the input's options over construction", async () => {
    const small = answering("a", "b");
    const run = (input: object, context?: object) =>
      createCope({ family: plain, small, large: answering("x"), samples: 8 })
        .compile()
        .invoke({ question: "q", ...input } as never, context ? { context } : {});
    expect((await run({ options: { samples: 4 } })).stages[0]!.planned).toBe(4);
    expect((await run({ options: { samples: 4, thresholds: [0.5, 0.5] } }, { samples: 2 })).stages[0]).toMatchObject({
      planned: 2,
      threshold: 0.5,
    });
  });
});

describe("what goes wrong", () => {
  const outage = () => new FakeModel(() => Promise.reject(httpError(503)));

  it("a model that is down is failed samples: the large one takes over", async () => {
    const { answer, stages } = await ask({ small: outage(), large: answering("saved"), attempts: 1 });
    expect(answer).toMatchObject({ value: "saved", stage: "takeover" });
    expect(stages[0]!.why).toContain("failed");
  });

  it("a large model that is down leaves the best small answer, and says so", async () => {
    const small = new FakeModel((asked) => (isPlan(asked) ? "goal" : ["a", "b", "a", "c"][asked.seed % 4]!));
    const { answer } = await ask({ small, large: outage(), attempts: 1, thresholds: [1, 1] });
    expect(answer).toMatchObject({ stage: "solo", fallbackFrom: "takeover" });
    expect(answer.value).toMatch(/^[abc]$/);
  });

  it("everything down is a coded error", async () => {
    await expect(ask({ small: outage(), large: outage(), attempts: 1 })).rejects.toMatchObject({
      code: "SERVER_FAILED",
    });
  });

  it.each([401, 403, 400, 404])(
    "status %i ends the run at once: it must not send every question to the large model",
    async (status) => {
      const small = new FakeModel(() => Promise.reject(httpError(status)));
      const large = answering("never");
      await expect(ask({ small, large })).rejects.toMatchObject({ name: "CopeError" });
      expect(large.asked).toHaveLength(0);
    },
  );

  it("no readable answer anywhere: no value, but the text", async () => {
    const { answer } = await ask({ small: answering("?"), large: answering("?") });
    expect(answer).toMatchObject({ value: null, text: "?" });
  });

  it("an abort is rethrown and never made a failed sample", async () => {
    const abort = new AbortController();
    const small = new FakeModel(() => {
      abort.abort();
      return new Promise(() => {});
    });
    await expect(ask({ small, large: answering("x") }, { question: "q" }, { signal: abort.signal })).rejects.toThrow(
      /abort/i,
    );
  });

  it.each<[string, object, object, string]>([
    ["an empty question", {}, { question: "  " }, "TASK_INVALID"],
    ["no question", {}, {}, "TASK_INVALID"],
    ["n below 1", {}, { question: "q", options: { samples: 0 } }, "OPTIONS_INVALID"],
    ["a threshold out of range", {}, { question: "q", options: { thresholds: [2, 0.5] } }, "OPTIONS_INVALID"],
    ["the wrong count of thresholds", { thresholds: [0.5] }, { question: "q" }, "OPTIONS_INVALID"],
    ["an unknown family", {}, { question: "q", options: { family: "poetry" } }, "FAMILY_UNKNOWN"],
    ["an unknown option", {}, { question: "q", options: { smal: "x" } }, "OPTIONS_INVALID"],
    ["a model without provider", {}, { question: "q", options: { small: "gpt-4o" } }, "MODEL_UNKNOWN"],
    ["an unknown provider", {}, { question: "q", options: { small: "nobody:x" } }, "PROVIDER_UNKNOWN"],
    ["a file that is not there", {}, { question: "q", options: { small: "llama:/nowhere/x.gguf" } }, "FILE_NOT_FOUND"],
    ["a budget in dollars with an unknown price", { budget: { usd: 1 } }, { question: "q" }, "PRICE_UNKNOWN"],
    ["a budget too small for one call", { budget: { tokens: 1 } }, { question: "q" }, "BUDGET_TOO_SMALL"],
  ])("%s is a coded error before any call", async (_, options, input, code) => {
    const small = answering("42");
    await expect(ask({ small, large: answering("x"), ...options }, input)).rejects.toMatchObject({ code });
    expect(small.asked).toHaveLength(0);
  });

  it("a budget of calls is never passed, and the leader answers when it ends the run", async () => {
    const small = new FakeModel((asked) => (isPlan(asked) ? "goal" : String(asked.seed % 3)));
    const { answer, ledger, stages } = await ask({ small, large: answering("x"), budget: { calls: 5 } });
    expect(ledger.calls).toBe(4);
    expect(answer.stopped).toBe("budget");
    expect(stages.at(-1)!.decision).toBe("stopped");
  });

  it("a time limit keeps the best answer so far", async () => {
    const small = new FakeModel(async (asked) => {
      if (isPlan(asked)) return "goal";
      return asked.count < 12 ? ["a", "b"][asked.count % 2]! : new Promise(() => {});
    });
    const { answer } = await ask({ small, large: answering("x"), budget: { ms: 400 } });
    expect(answer.stopped).toBe("timeout");
    expect(answer.value).toMatch(/[ab]/);
  });
});
