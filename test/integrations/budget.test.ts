import { createAgent, modelRetryMiddleware } from "langchain";
import { describe, expect, it } from "vitest";
import type { AgentCope } from "../../src/integrations/bill.js";
import { copeErrorOf, copeMiddleware, type CopeMiddlewareOptions } from "../../src/integrations/middleware.js";
import { failure, scriptedModel, type Asked } from "../../src/testing/index.js";
import { acting, adder, advising, asking, calls, resultsIn } from "./agents.js";

/** A small model that takes three steps; of each step's draws the first so many break off after they were sent. */
const breaking = (broken: number) =>
  scriptedModel((asked: Asked) => {
    const { index = 0 } = asked;
    if (index < broken) return failure("connection");
    return [calls(1, 1), calls(2, 2), "done"][resultsIn(asked)]!;
  });

const PRICES = { model: { input: 1, output: 4 } };

async function run(broken: number, budget: CopeMiddlewareOptions["budget"]) {
  const small = breaking(broken);
  const cope = copeMiddleware({ large: advising("never"), budget, prices: PRICES, attempts: 1 });
  const agent = createAgent({ model: small, tools: [adder().add], middleware: [cope] });
  const ended = await agent.invoke(asking("go")).catch((error: unknown) => copeErrorOf(error));
  return { ended, asked: small.asked.length };
}

describe("the budget of an agent's run, where calls broke off", () => {
  it("goes on to later steps: what the broken calls cost stands at its worst", async () => {
    const { ended } = await run(1, { usd: 10 });
    expect(ended).toMatchObject({ cope: { bill: { steps: 3, usd: null, atMost: { usd: expect.any(Number) } } } });
  });

  it("is not passed by calls that broke off in earlier steps, though nobody counted them", async () => {
    // Each call may take some 1,600 tokens, and takes some 50.
    const budget = { tokens: 12_000 };
    const [sound, broken] = [await run(0, budget), await run(3, budget)];
    expect(sound.ended).toMatchObject({ cope: { bill: { steps: 3 } } });
    const { cope, spent } = broken.ended as { cope?: AgentCope; spent?: AgentCope["bill"] };
    expect((cope?.bill ?? spent)?.atMost?.tokens).toBeLessThanOrEqual(12_000);
  });

  it("stands in the error with what was spent for sure, and at most", async () => {
    const { ended, asked } = await run(8, { usd: 10, calls: 40 });
    expect(ended).toMatchObject({ spent: { calls: asked + 2, usd: null, atMost: { usd: expect.any(Number) } } });
  });
});

describe("a step that fails", () => {
  /** A call that no tool takes, at the second step and of both models. */
  const lost = { text: "", toolCalls: [{ name: "nothing", args: {} }] };

  it("tells by its error what the whole run has spent, the steps before included", async () => {
    const [small, large] = [acting([calls(1, 1), lost]), advising("Add.", [lost, lost])];
    const agent = createAgent({ model: small, tools: [adder().add], middleware: [copeMiddleware({ large })] });
    const error = copeErrorOf(await agent.invoke(asking("go")).catch((thrown: unknown) => thrown));
    expect(error).toMatchObject({ code: "MODEL_FAILED" });
    expect(error!.spent).toMatchObject({ calls: small.asked.length + large.asked.length, usd: null });
    expect(error!.spent!.tokens).toBeGreaterThan(0);
  });

  it("is decided anew, where other middleware asks for it, on the same budget", async () => {
    const [small, large] = [acting([lost]), advising("Add.", [lost])];
    const again = modelRetryMiddleware({ maxRetries: 9, initialDelayMs: 1, backoffFactor: 0, onFailure: "error" });
    const cope = copeMiddleware({ large, budget: { calls: 40 } });
    const agent = createAgent({ model: small, tools: [adder().add], middleware: [again, cope] });
    const error = copeErrorOf(await agent.invoke(asking("go")).catch((thrown: unknown) => thrown));
    const asked = small.asked.length + large.asked.length;
    expect(asked).toBeLessThanOrEqual(40);
    expect(error).toMatchObject({ code: "BUDGET_TOO_SMALL", spent: { calls: asked } });
  });

  /** A call whose JSON does not end. */
  const broken = '<tool_call>{"name": "add", "arguments": {"a": 1';

  it("and succeeds when it is decided anew has both tries on the bill", async () => {
    const small = scriptedModel(({ count }: Asked) => (count < 8 ? broken : "done"));
    const again = modelRetryMiddleware({ maxRetries: 1, initialDelayMs: 1, onFailure: "error" });
    const cope = copeMiddleware({ large: advising("never"), stages: "majority" });
    const agent = createAgent({ model: small, tools: [adder().add], middleware: [again, cope] });
    const { cope: kept } = await agent.invoke(asking("go"));
    expect(kept!.bill).toMatchObject({ steps: 1, calls: small.asked.length });
    expect(small.asked.length).toBeGreaterThan(8);
  });
});
