import { Command, INTERRUPT, MemorySaver } from "@langchain/langgraph";
import * as fc from "fast-check";
import { createAgent, tool } from "langchain";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { copeMiddleware, type CopeMiddlewareOptions } from "../../src/integrations/middleware.js";
import { memoryJournal, type Journal } from "../../src/models/journal.js";
import { mortal } from "../support/mortal.js";
import { acting, adder, advising, asking, calls, UNSURE } from "./agents.js";

const config = { configurable: { thread_id: "t" } };

/** One that lives on while a process dies, and whose middleware journals tools. */
const durable = (journal: Journal = memoryJournal()): Journal => ({ ...journal, durable: true });

/** Three steps: one that needs advice, one that is taken over, and the answer. */
function models() {
  const small = acting([UNSURE, UNSURE, "9"], [calls(2, 3), UNSURE, "9"]);
  const large = advising("Add.", [calls(2, 3), calls(5, 4)]);
  return { small, large };
}

describe("an agent that asks a person about its guideline", () => {
  it("waits inside its step, and buys nothing twice when it is answered by another process", async () => {
    const saver = new MemorySaver();
    const journal = durable();
    const process = () => {
      const { small, large } = models();
      const { add, added } = adder();
      const cope = copeMiddleware({ large, journal, ask: { guideline: true } });
      return {
        small,
        large,
        added,
        agent: createAgent({ model: small, tools: [add], middleware: [cope], checkpointer: saver }),
      };
    };
    const first = process();
    const waiting = (await first.agent.invoke(asking("2 + 3 + 4?"), config)) as unknown as {
      [INTERRUPT]: { value: any }[];
    };
    expect(waiting[INTERRUPT][0]!.value).toMatchObject({ asks: "guideline", guideline: "Add." });
    const second = process();
    const edit = { decision: "edit", guideline: "Add the first two." };
    await second.agent.invoke(new Command({ resume: edit }), config);
    expect(
      second.small.asked.some(({ messages }) => messages.some(({ content }) => content.includes("Add the first two."))),
    ).toBe(true);
    // Nothing of the first process's samples and advice was bought again: what comes first is the guided wave.
    expect(second.small.asked[0]!.stage).toBe("guided");
    const third = process();
    const { messages, cope } = await third.agent.invoke(new Command({ resume: "approve" }), config);
    expect(messages.at(-1)!.text).toBe("9");
    expect(cope!.guideline).toMatchObject({ text: "Add.", step: 2 });
    expect(second.added).toEqual([{ a: 2, b: 3 }]);
    expect(third.added).toEqual([{ a: 5, b: 4 }]);
  });
});

describe("an agent whose process dies", () => {
  /** Runs until the nth request or tool call, which is the last thing that the first process does; then resumes in a second. */
  async function killed(nth: number, options: CopeMiddlewareOptions, when: "before" | "after") {
    const saver = new MemorySaver();
    const kept = durable();
    const life = mortal(saver, kept);
    let isDead = false;
    void life.dead.then(() => (isDead = true));
    const log = { first: [] as string[], second: [] as string[] };
    let count = 0;
    const start = (which: "first" | "second") => {
      const { small, large } = models();
      const note = async (what: string) => {
        if (which === "first" && isDead) return new Promise<void>(() => {});
        log[which].push(what);
        count += 1;
        if (which !== "first" || count !== nth) return;
        if (when === "before") life.die();
        else setTimeout(life.die, 3);
      };
      for (const [role, model] of Object.entries({ small, large })) {
        const generate = model._generate.bind(model);
        model._generate = async (messages, opts, run) => {
          await note(
            `${role} ${JSON.stringify(messages.map((message) => message.text + JSON.stringify(("tool_calls" in message && message.tool_calls) || "")))} ${(opts as { seed?: number }).seed}`,
          );
          return generate(messages, opts, run);
        };
      }
      const add = tool(
        async ({ a, b }) => {
          await note(`add ${a} ${b}`);
          return String(a + b);
        },
        { name: "add", description: "Adds.", schema: z.object({ a: z.number(), b: z.number() }) },
      );
      const { saver: checkpointer, journal } = which === "first" ? life : { saver, journal: kept };
      const middleware = [copeMiddleware({ large, journal, ...options })];
      return createAgent({ model: small, tools: [add], middleware, checkpointer: checkpointer as MemorySaver });
    };
    const running = start("first").invoke(asking("2 + 3 + 4?"), config);
    const ended = await Promise.race([life.dead.then(() => "dead" as const), running.then(() => "done" as const)]);
    const journal = await kept.list("t");
    const state = await start("second").graph.getState(config);
    const agent = start("second");
    const messages =
      ended === "done" && state.next.length === 0 ? state.values.messages : (await agent.invoke(null, config)).messages;
    return { log, journal, messages: messages as { text: string; response_metadata: any; getType(): string }[], ended };
  }

  it("asks no journaled call again and runs no journaled tool again, wherever it dies", async () => {
    const all = (await killed(Infinity, {}, "before")).log.first.length;
    const moments = fc.record({
      nth: fc.integer({ min: 1, max: all }),
      when: fc.constantFrom("before" as const, "after" as const),
    });
    await fc.assert(
      fc.asyncProperty(moments, async ({ nth, when }) => {
        const { log, journal, messages } = await killed(nth, { concurrency: 3 }, when);
        expect(messages.at(-1)!.text).toBe("9");
        const settled = journal.filter(({ attempt }) => attempt.state === "answered");
        // Every call is answered once: what is on record is not asked again, and nothing is left out.
        expect(settled.length + log.second.length).toBe(all);
        const toolsKept = settled.filter(({ namespace }) => namespace === "tools").length;
        const tools = (lines: readonly string[]) => lines.filter((line) => line.startsWith("add"));
        expect(tools(log.second)).toHaveLength(2 - toolsKept);
        const underWay = journal.filter(({ attempt }) => attempt.state === "intent");
        const marks = messages.filter(
          (message) => message.getType() === "tool" && message.response_metadata.cope?.mayHaveRunBefore,
        );
        expect(marks).toHaveLength(underWay.filter(({ namespace }) => namespace === "tools").length);
      }),
      { numRuns: 12 },
    );
  }, 300_000);
});

it("journals tools where the journal is durable, unless told otherwise", () => {
  expect(copeMiddleware({}).wrapToolCall).toBeUndefined();
  expect(copeMiddleware({ journalTools: true }).wrapToolCall).toBeDefined();
  expect(copeMiddleware({ journal: durable(), journalTools: false }).wrapToolCall).toBeUndefined();
  expect(copeMiddleware({ journal: durable() }).wrapToolCall).toBeDefined();
});
