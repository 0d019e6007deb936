import { MemorySaver } from "@langchain/langgraph";
import { createAgent, tool, ToolInvocationError, toolRetryMiddleware } from "langchain";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { copeMiddleware, type CopeMiddlewareOptions } from "../../src/integrations/middleware.js";
import { toldToModel } from "../../src/integrations/tool-errors.js";
import { memoryJournal } from "../../src/models/journal.js";
import { acting, asking } from "./agents.js";

/** A tool that fails so many times. */
function failing(times: number) {
  let runs = 0;
  const open = tool(
    () => {
      runs += 1;
      if (runs <= times) throw new Error(`no such file\nlooked ${runs} times`);
      return "found";
    },
    { name: "open", description: "Opens a file.", schema: z.object({ path: z.string() }) },
  );
  return { open, runs: () => runs };
}

const opens = { text: "", toolCalls: [{ name: "open", args: { path: "x" } }] };
const small = () => acting([opens, "It is done."]);
const durable = () => ({ ...memoryJournal(), durable: true });

async function run(
  options: CopeMiddlewareOptions,
  times: number,
  around: ReturnType<typeof toolRetryMiddleware>[] = [],
) {
  const { open, runs } = failing(times);
  const middleware = [...around, copeMiddleware({ large: small(), samples: 2, ...options })];
  const agent = createAgent({ model: small(), tools: [open], middleware, checkpointer: new MemorySaver() });
  const { messages } = await agent.invoke(asking("Open x."), { configurable: { thread_id: "t" } });
  return { runs: runs(), result: messages.find(({ type }) => type === "tool")!, answer: messages.at(-1)!.text };
}

describe("a tool that throws", () => {
  it.each<[string, CopeMiddlewareOptions]>([
    ["no journal that lasts", {}],
    ["a durable journal", { journal: durable() }],
    ["private texts", { private: ["swordfish"] }],
  ])("is told to the model, as LangChain does by itself, with %s", async (_, options) => {
    const { result, answer } = await run(options, 9);
    expect(result).toMatchObject({ status: "error" });
    expect(result.text).toBe("Error: no such file\nlooked 1 times\n Please fix your mistakes.");
    expect(answer).toBe("It is done.");
  });

  it("is left to middleware around this one where that is asked for", async () => {
    const retry = toolRetryMiddleware({ maxRetries: 2, initialDelayMs: 1 });
    const options: CopeMiddlewareOptions = { journal: durable(), toolErrors: "throw" };
    expect(await run(options, 2, [retry])).toMatchObject({ runs: 3, result: { text: "found" } });
    await expect(run(options, 9)).rejects.toThrow("no such file");
  });

  it("is run again by middleware within, whatever is asked for", async () => {
    const { open, runs } = failing(2);
    const middleware = [
      copeMiddleware({ large: small(), samples: 2, journal: durable() }),
      toolRetryMiddleware({ maxRetries: 2, initialDelayMs: 1 }),
    ];
    const agent = createAgent({ model: small(), tools: [open], middleware, checkpointer: new MemorySaver() });
    await agent.invoke(asking("Open x."), { configurable: { thread_id: "t" } });
    expect(runs()).toBe(3);
  });

  it("by arguments that do not fit is left to LangChain, which tells what to mend, also through other middleware", () => {
    const failed = { toolCall: { id: "call00001", name: "open" }, hide: <T>(value: T) => value };
    const unfit = new ToolInvocationError(new Error("path: a text is needed"), {
      ...failed.toolCall,
      args: { path: 7 },
    });
    const wrapped = new Error("outer", { cause: new Error("inner", { cause: unfit }) });
    for (const error of [unfit, wrapped]) expect(() => toldToModel(error, failed)).toThrow(error);
    const circle = new Error("no such file");
    circle.cause = circle;
    expect(toldToModel(circle, failed)).toMatchObject({ status: "error", tool_call_id: "call00001" });
  });
});

describe("what an agent's step does not take", () => {
  it.each<[string, object, RegExp]>([
    ["a small model", { small: small() }, /the agent's own model is the small one/],
    ["a family", { family: "math" }, /`answers` says how final answers compare/],
    ["answers by choices without any", { answers: "choice" }, /there are no choices/],
    ["answers of no kind", { answers: "nonsense" }, /answers/],
    ["a word for yes", { mayRepeat: "yes" }, /mayRepeat/],
    ["another way with tools' errors", { toolErrors: "tel" }, /toolErrors/],
  ])("is told where the middleware is made: %s", (_, options, said) => {
    const make = () => copeMiddleware({ large: small(), ...options } as never);
    expect(make).toThrow("OPTIONS_INVALID");
    expect(make).toThrow(said);
  });

  it("is nothing where it is undefined", () => {
    expect(() => copeMiddleware({ small: undefined, family: undefined, answers: undefined } as never)).not.toThrow();
  });
});
