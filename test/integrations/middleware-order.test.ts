import { Command, INTERRUPT, isGraphInterrupt, MemorySaver } from "@langchain/langgraph";
import {
  createAgent,
  createMiddleware,
  humanInTheLoopMiddleware,
  modelCallLimitMiddleware,
  modelFallbackMiddleware,
  modelRetryMiddleware,
  summarizationMiddleware,
  toolCallLimitMiddleware,
} from "langchain";
import { describe, expect, it } from "vitest";
import { copeErrorOf, copeMiddleware } from "../../src/integrations/middleware.js";
import { failure, scriptedModel } from "../../src/testing/index.js";
import { acting, adder, advising, asking, calls, UNSURE } from "./agents.js";

const config = { configurable: { thread_id: "t" } };
const never = () => advising("never");

describe("beside summarizationMiddleware", () => {
  it("the step sees the summary in place of what it sums up; the summary's own call is on no bill of ours", async () => {
    const { add } = adder();
    const small = acting(["done"]);
    const summariser = scriptedModel(() => "SUMMARY");
    const agent = createAgent({
      model: small,
      tools: [add],
      middleware: [
        summarizationMiddleware({ model: summariser, trigger: { messages: 4 }, keep: { messages: 1 } }),
        copeMiddleware({ large: never() }),
      ],
    });
    const said = Array.from({ length: 5 }, (_, i) => ({
      role: i % 2 ? ("assistant" as const) : ("user" as const),
      content: `said ${i}`,
    }));
    const { cope } = await agent.invoke({ messages: said });
    expect(summariser.asked).toHaveLength(1);
    const seen = small.asked[0]!.messages.map(({ content }) => content).join("\n");
    expect(seen).toContain("SUMMARY");
    expect(seen).not.toContain("said 1");
    expect(cope!.bill.calls).toBe(small.asked.length);
  });

  it("keeps the guideline, which stands in no message", async () => {
    const { add } = adder();
    const small = acting([UNSURE, "9"], [calls(2, 3), "9"]);
    const agent = createAgent({
      model: small,
      tools: [add],
      middleware: [
        summarizationMiddleware({
          model: scriptedModel(() => "SUMMARY"),
          trigger: { messages: 3 },
          keep: { messages: 2 },
        }),
        copeMiddleware({ large: advising("Add them.") }),
      ],
    });
    const { cope } = await agent.invoke(asking("2 + 3?"));
    expect(cope!.guideline).toMatchObject({ text: "Add them." });
    expect(small.asked.at(-1)!.messages.at(-1)!.content).toContain("Add them.");
  });
});

describe("beside modelCallLimitMiddleware", () => {
  it("a step counts as one call, however many samples it draws", async () => {
    const { add } = adder();
    const small = acting([calls(1, 1), calls(2, 2), calls(3, 3), "done"]);
    const middleware = [modelCallLimitMiddleware({ runLimit: 2 }), copeMiddleware({ large: never() })] as const;
    const { messages } = await createAgent({ model: small, tools: [add], middleware }).invoke(asking("go"));
    expect(messages.filter((message) => message.getType() === "tool")).toHaveLength(2);
    expect(messages.at(-1)!.text).toMatch(/limit/i);
    expect(small.asked.length).toBeGreaterThan(2);
  });

  it("the calls themselves are limited by the budget, over all steps of a run", async () => {
    const { add } = adder();
    const small = acting([calls(1, 1), calls(2, 2), calls(3, 3), "done"]);
    const agent = createAgent({
      model: small,
      tools: [add],
      middleware: [copeMiddleware({ large: never(), budget: { calls: 9 } })],
    });
    const error = await agent.invoke(asking("go")).catch((thrown: unknown) => thrown);
    expect(copeErrorOf(error)).toMatchObject({ code: "BUDGET_TOO_SMALL" });
    expect((error as Error).message).toMatch(/^\[BUDGET_TOO_SMALL\]/);
    expect(small.asked).toHaveLength(9);
  });
});

it("beside toolCallLimitMiddleware: only the calls of decided steps count, not those of drafts", async () => {
  const { add, added } = adder();
  const small = acting([calls(1, 1), calls(2, 2), "done"]);
  const middleware = [toolCallLimitMiddleware({ runLimit: 1 }), copeMiddleware({ large: never() })] as const;
  await createAgent({ model: small, tools: [add], middleware }).invoke(asking("go"));
  expect(added).toEqual([{ a: 1, b: 1 }]);
});

describe("beside humanInTheLoopMiddleware", () => {
  const agentOf = (small: ReturnType<typeof acting>, add: ReturnType<typeof adder>["add"]) =>
    createAgent({
      model: small,
      tools: [add],
      middleware: [humanInTheLoopMiddleware({ interruptOn: { add: true } }), copeMiddleware({ large: never() })],
      checkpointer: new MemorySaver(),
    });

  it("a person sees the decided call once, and nothing is drawn again when it is approved", async () => {
    const { add, added } = adder();
    const small = acting([calls(2, 3), "5"]);
    const agent = agentOf(small, add);
    const waiting = (await agent.invoke(asking("2 + 3?"), config)) as unknown as { [INTERRUPT]: { value: any }[] };
    expect(waiting[INTERRUPT][0]!.value.actionRequests).toMatchObject([{ name: "add", args: { a: 2, b: 3 } }]);
    const drawn = small.asked.length;
    const { messages } = await agent.invoke(new Command({ resume: { decisions: [{ type: "approve" }] } }), config);
    expect(messages.at(-1)!.text).toBe("5");
    expect(added).toEqual([{ a: 2, b: 3 }]);
    expect(small.asked.length).toBe(2 * drawn);
  });

  it("a rejected call is seen by the next step as its result", async () => {
    const { add, added } = adder();
    const small = acting([calls(2, 3), "as you wish"]);
    const agent = agentOf(small, add);
    await agent.invoke(asking("2 + 3?"), config);
    const decisions = [{ type: "reject", message: "not today" }];
    const { messages } = await agent.invoke(new Command({ resume: { decisions } }), config);
    expect(added).toEqual([]);
    expect(messages.at(-1)!.text).toBe("as you wish");
    expect(small.asked.at(-1)!.messages.map(({ content }) => content)).toContain("not today");
  });
});

describe("beside what tries again", () => {
  const down = () => scriptedModel(() => failure("server"));

  it("modelFallbackMiddleware before it: the fallback then acts as the small model, with the large one at its side", async () => {
    const { add } = adder();
    const second = acting([calls(2, 3), "5"]);
    const agent = createAgent({
      model: down(),
      tools: [add],
      middleware: [modelFallbackMiddleware(second), copeMiddleware({ large: down(), attempts: 1 })],
    });
    const { messages } = await agent.invoke(asking("2 + 3?"));
    expect(messages.at(-1)!.text).toBe("5");
    expect(second.asked.length).toBeGreaterThan(0);
  });

  it("modelRetryMiddleware before it: a step that fails is decided anew, as a whole", async () => {
    const { add } = adder();
    let asked = 0;
    const small = scriptedModel(() => (asked++ < 4 ? failure("server") : "fine"));
    const agent = createAgent({
      model: small,
      tools: [add],
      middleware: [
        modelRetryMiddleware({ maxRetries: 1, initialDelayMs: 0, jitter: false, onFailure: "error" }),
        copeMiddleware({ large: down(), attempts: 1, stages: "small" }),
      ],
    });
    await expect(agent.invoke(asking("hello"))).rejects.toThrow(/^\[SERVER_FAILED\]/);
    asked = 3;
    const { messages } = await agent.invoke(asking("hello"));
    expect(messages.at(-1)!.text).toBe("fine");
  });

  it("modelRetryMiddleware lets a step wait for a person where it is told to leave interrupts alone", async () => {
    const { add } = adder();
    const small = acting([UNSURE, "5"], [calls(2, 3), "5"]);
    const agent = createAgent({
      model: small,
      tools: [add],
      middleware: [
        modelRetryMiddleware({ retryOn: (error) => !isGraphInterrupt(error), onFailure: "error" }),
        copeMiddleware({ large: advising("Add."), ask: { guideline: true } }),
      ],
      checkpointer: new MemorySaver(),
    });
    const waiting = (await agent.invoke(asking("2 + 3?"), config)) as unknown as { [INTERRUPT]: { value: any }[] };
    expect(waiting[INTERRUPT][0]!.value).toMatchObject({ asks: "guideline" });
    const drawn = small.asked.length;
    const { messages } = await agent.invoke(new Command({ resume: "approve" }), config);
    expect(messages.at(-1)!.text).toBe("5");
    expect(small.asked[drawn]!.stage).toBe("guided");
  });

  it("after it, it has nothing to do: calls are tried again inside the step", async () => {
    const { add } = adder();
    let asked = 0;
    const small = scriptedModel(() => (asked++ === 0 ? failure("server") : "fine"));
    const agent = createAgent({
      model: small,
      tools: [add],
      middleware: [copeMiddleware({ large: down(), stages: "small" }), modelRetryMiddleware({ maxRetries: 3 })],
    });
    const { messages, cope } = await agent.invoke(asking("hello"));
    expect(messages.at(-1)!.text).toBe("fine");
    expect(cope!.bill.calls).toBe(2);
  });
});

it("a system prompt set by middleware before it is seen by all models of the step", async () => {
  const { add } = adder();
  const small = acting([UNSURE], [UNSURE]);
  const large = advising("Answer.", ["5"]);
  const prompt = createMiddleware({
    name: "prompt",
    wrapModelCall: (request, handler) => handler({ ...request, systemPrompt: "Speak plainly." }),
  });
  await createAgent({ model: small, tools: [add], middleware: [prompt, copeMiddleware({ large })] }).invoke(
    asking("2 + 3?"),
  );
  for (const { messages } of [...small.asked, ...large.asked])
    expect(messages.map(({ content }) => content).join("\n")).toContain("Speak plainly.");
});

it("middleware after it sees the decided step alone", async () => {
  const { add } = adder();
  const seen: string[] = [];
  const watch = createMiddleware({
    name: "watch",
    wrapModelCall: async (request, handler) => {
      const message = await handler(request);
      seen.push((message as { text: string }).text);
      return message;
    },
  });
  const agent = createAgent({
    model: acting(["fine"]),
    tools: [add],
    middleware: [copeMiddleware({ large: never() }), watch],
  });
  await agent.invoke(asking("hello"));
  expect(seen).toEqual(["fine"]);
});
