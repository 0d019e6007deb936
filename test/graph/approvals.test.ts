import { AIMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { Command, INTERRUPT, isInterrupted, MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createCope, memoryJournal, Pending, type CopeOptions, type StageInput } from "../../src/index.js";
import { formsOf } from "../../src/state/channels.js";
import { scriptedModel } from "../../src/testing/index.js";
import { bySample, UNLIKE } from "../support/by-sample.js";
import { answering, FakeModel } from "../support/fake-model.js";
import { plain } from "../support/plain-family.js";

const config = { configurable: { thread_id: "t" } };

const THREE_OF_EIGHT = ["a", "a", "a", "b", "c", "d", "e", "f"];

const small = () => bySample({ solo: THREE_OF_EIGHT, guided: UNLIKE });
const large = () => new FakeModel(({ system }) => (system.startsWith("plan") ? "advice" : "taken over"));

function cascade(options: CopeOptions, saver = new MemorySaver()) {
  return createCope({ family: plain, journal: memoryJournal(), ...options }).compile({ checkpointer: saver });
}

/** What a run that waits asks, held against its published schema. */
function asked(state: unknown): Pending {
  if (!isInterrupted(state)) throw new Error(`the run waits for nobody: ${JSON.stringify(state)}`);
  expect(state[INTERRUPT]).toHaveLength(1);
  return Pending.parse(state[INTERRUPT][0]!.value);
}

const nodesOf = (graph: ReturnType<typeof cascade>) => Object.keys(graph.nodes).toSorted();

describe("the nodes at which a person is asked", () => {
  it("are there only when asked for, and each wish brings its own", () => {
    const models = { small: small(), large: large() };
    const without = nodesOf(cascade(models));
    expect(without).toEqual([
      "__start__",
      "finish",
      "guided_check",
      "guided_execute",
      "guided_plan",
      "intake",
      "solo_check",
      "solo_execute",
      "solo_plan",
      "takeover_execute",
    ]);
    const more = (ask: CopeOptions["ask"]) =>
      nodesOf(cascade({ ...models, ask })).filter((name) => !without.includes(name));
    expect(more({})).toEqual([]);
    expect(more({ guideline: true })).toEqual(["guided_approve"]);
    expect(more({ leaving: false })).toEqual(["guided_gate", "solo_gate", "takeover_gate"]);
    expect(more({ spendingAbove: 1 })).toEqual(["guided_gate", "solo_gate", "takeover_gate"]);
  });

  it("are passed by in a run that asks nobody", async () => {
    const graph = cascade({ small: small(), large: large(), ask: { guideline: false, leaving: false } });
    const steps: string[] = [];
    for await (const update of await graph.stream({ question: "q" }, { ...config, streamMode: "updates" }))
      steps.push(...Object.keys(update));
    expect(new Set(steps)).toEqual(new Set(nodesOf(cascade({ small: small(), large: large() })).slice(1)));
  });

  it("stand in the forms only as far as the graph has them", () => {
    const offered = (ask?: CopeOptions["ask"]) => {
      const { input, context } = formsOf(ask);
      const inInput = (z.toJSONSchema(input) as any).properties.options.properties.ask;
      expect((z.toJSONSchema(context as unknown as z.ZodType) as any).properties.ask).toEqual(inInput);
      return inInput && Object.keys(inInput.properties);
    };
    expect(offered()).toBeUndefined();
    expect(offered({})).toBeUndefined();
    expect(offered({ guideline: false })).toEqual(["guideline"]);
    expect(offered({ leaving: false })).toEqual(["spendingAbove", "leaving"]);
    expect(offered({ guideline: false, leaving: false })).toEqual(["guideline", "spendingAbove", "leaving"]);
  });
});

describe("a guideline that a person is shown", () => {
  it("is used as it is when approved, and the requests shown are the requests sent", async () => {
    const models = { small: small(), large: large() };
    const graph = cascade({ ...models, ask: { guideline: true } });
    const pending = asked(await graph.invoke({ question: "q" }, config));
    expect(pending).toMatchObject({
      asks: "guideline",
      stage: "guided",
      by: "large",
      guideline: "advice",
      best: { value: "a", stage: "solo", confidence: 3 / 8 },
    });
    const before = models.small.asked.length;
    const { answer } = await graph.invoke(new Command({ resume: "approve" }), config);
    expect(answer).toMatchObject({ value: "taken over", stage: "takeover" });
    const sent = models.small.asked[before]!;
    expect(pending.requests).toMatchObject([{ role: "small", purpose: "execute", exact: true, times: 8 }]);
    expect(pending.requests[0]!.messages.map(({ content }) => content)).toEqual([sent.system, sent.user]);
    expect(sent.user).toContain("guideline=advice");
  });

  it("is replaced by what the person writes, for the stage and for all later ones, and the state says by whom", async () => {
    const models = { small: small(), large: large() };
    const graph = cascade({ ...models, ask: { guideline: true } });
    await graph.invoke({ question: "q" }, config);
    const resume = { decision: "edit", guideline: "  mine  " };
    const { stages } = await graph.invoke(new Command({ resume }), config);
    const shown = [...models.small.asked, ...models.large.asked].flatMap(
      ({ user }) => /guideline=(.*)/.exec(user)?.[1] ?? [],
    );
    expect(new Set(shown)).toEqual(new Set(["mine"]));
    // Eight guided samples or fewer, and the takeover.
    expect(shown.length).toBeGreaterThan(1);
    expect(stages[1]!.plans).toEqual([
      { kind: "guideline", by: "large", text: "advice" },
      { kind: "guideline", by: "person", text: "mine" },
    ]);
    const { values } = await graph.getState(config);
    expect(values.decisions).toEqual([{ stage: "guided", asks: "guideline", decision: "edit" }]);
  });

  it("ends the run with the best answer so far when rejected", async () => {
    const models = { small: small(), large: large() };
    const graph = cascade({ ...models, ask: { guideline: true } });
    await graph.invoke({ question: "q" }, config);
    const before = models.small.asked.length;
    const resume = { decision: "reject", reason: "it names a customer" };
    const { answer, stages } = await graph.invoke(new Command({ resume }), config);
    expect(answer).toMatchObject({ value: "a", stage: "solo", confidence: 3 / 8, stopped: "rejected" });
    expect(stages[1]).toMatchObject({ name: "guided", decision: "stopped", drawn: 0, confidence: null });
    expect(stages[1]!.why).toBe("a person rejected the guideline: it names a customer");
    expect(models.small.asked).toHaveLength(before);
  });

  it("is asked about again, with the reason, where the response says nothing that it could be resumed by", async () => {
    const models = { small: small(), large: large() };
    const graph = cascade({ ...models, ask: { guideline: true } });
    await graph.invoke({ question: "q" }, config);
    const calls = () => models.small.asked.length + models.large.asked.length;
    const before = calls();
    const unclear: [unknown, RegExp][] = [
      ["yes", /accepted is "approve".*not "yes"/],
      [7, /accepted is/],
      [{ decision: "edit" }, /guideline/],
      [{ decision: "edit", guideline: "x".repeat(161) }, /161 bytes.*160/],
    ];
    for (const [resume, problem] of unclear) {
      const pending = asked(await graph.invoke(new Command({ resume }), config));
      expect(pending.problem).toMatch(problem);
      expect(pending).toMatchObject({ asks: "guideline", guideline: "advice" });
    }
    expect(calls()).toBe(before);
    const { answer } = await graph.invoke(new Command({ resume: " Reject " }), config);
    expect(answer.stopped).toBe("rejected");
  });

  it("is not asked about where its planner failed", async () => {
    const broken = new FakeModel(({ system }) => {
      if (system.startsWith("plan")) throw Object.assign(new Error("busy"), { status: 503 });
      return "taken over";
    });
    const graph = cascade({ small: small(), large: broken, attempts: 1, ask: { guideline: true } });
    const { answer } = await graph.invoke({ question: "q" }, config);
    expect(answer.value).toBe("taken over");
  });
});

describe("a stage that a person lets send", () => {
  const prices = { "fake:fake": { input: 1, output: 1 } };

  it("is asked about where its worst case is above the sum, and not below it", async () => {
    const models = { small: small(), large: large() };
    const options = { ...models, prices, attempts: 1 };
    const one = asked(await cascade({ ...options, ask: { spendingAbove: 0 } }).invoke({ question: "q" }, config));
    expect(one).toMatchObject({ asks: "sending", stage: "solo", reasons: ["spending"] });
    expect(models.small.asked).toEqual([]);
    const most = one.worst.usd!;
    const exactly = cascade({ ...options, ask: { spendingAbove: most } });
    const later = asked(await exactly.invoke({ question: "q" }, config));
    // Guided draws as many samples as solo, and its guideline beside.
    expect(later).toMatchObject({ stage: "guided", best: { value: "a" } });
    expect(later.worst.usd).toBeGreaterThan(most);
    expect(later.worst.calls).toBe(9);
    const enough = cascade({ ...options, ask: { spendingAbove: later.worst.usd! } });
    expect(await enough.invoke({ question: "q" }, config)).toMatchObject({ answer: { value: "taken over" } });
  });

  it("is told the worst case with every retry, and asked about where a price is unknown", async () => {
    const options = { small: small(), large: large(), ask: { spendingAbove: 100 } };
    const once = asked(await cascade({ ...options, attempts: 1 }).invoke({ question: "q" }, config));
    const thrice = asked(await cascade({ ...options, attempts: 3 }).invoke({ question: "q" }, config));
    expect(once.worst).toMatchObject({ usd: null, calls: 16 });
    expect(thrice.worst).toEqual({ usd: null, calls: 48, tokens: 3 * once.worst.tokens });
  });

  it("is shown with the very messages that then go out, a bracket standing for what is still to be written", async () => {
    const models = { small: small(), large: large() };
    const graph = cascade({ ...models, ask: { leaving: true } });
    const seen: Pending[] = [];
    let state: unknown = await graph.invoke({ question: "q" }, config);
    const askedBefore = { small: 0, large: 0 };
    while (isInterrupted(state)) {
      const pending = asked(state);
      seen.push(pending);
      askedBefore.small = models.small.asked.length;
      askedBefore.large = models.large.asked.length;
      state = await graph.invoke(new Command({ resume: { decision: "approve" } }), config);
      for (const request of pending.requests.filter(({ exact }) => exact)) {
        const role = request.role as "small" | "large";
        const sent = models[role].asked.slice(askedBefore[role]).map(({ system, user }) => [system, user]);
        expect(sent).toContainEqual(request.messages.map(({ content }) => content));
      }
    }
    expect(seen.map(({ stage }) => stage)).toEqual(["solo", "guided", "takeover"]);
    expect(seen.map(({ requests }) => requests.map(({ purpose, exact, times }) => [purpose, exact, times]))).toEqual([
      [
        ["goal", true, 8],
        ["execute", false, 8],
      ],
      [
        ["guideline", true, 1],
        ["execute", false, 8],
      ],
      [["execute", true, 1]],
    ]);
    const guided = seen[1]!.requests[1]!.messages.at(-1)!.content;
    expect(guided).toContain("goal=goal 0");
    expect(guided).toContain("guideline=[the guideline, still to be written by large]");
    const { values } = await graph.getState(config);
    expect(values.decisions.map(({ decision }: { decision: string }) => decision)).toEqual(Array(3).fill("approve"));
  });

  it("shows an agent's second question, too, which is only sent where a sample repeats a call", async () => {
    const tools = [{ name: "look", description: "Looks.", schema: { type: "object", properties: {} } }];
    const again = () =>
      scriptedModel(({ tools: offered }) =>
        offered.length > 0 ? { text: "", toolCalls: [{ name: "look" }] } : "It is blue.",
      );
    const models = { small: again(), large: again() };
    const stages: StageInput[] = [
      { name: "small", execute: { by: "small", temperature: 1, samples: 2 }, accept: { threshold: 1 } },
      { name: "takeover", execute: { by: "large", temperature: 0, samples: 1 } },
    ];
    const graph = cascade({ ...models, family: "action", stages, ask: { leaving: true } });
    const call = { id: "call00001", name: "look", args: {} };
    const messages = [
      new HumanMessage("Which colour?"),
      new AIMessage({ content: "", tool_calls: [call] }),
      new ToolMessage({ content: "error: it is dark", tool_call_id: call.id, name: "look" }),
    ];
    let state: unknown = await graph.invoke({ messages, given: { tools } }, config);
    const shown: string[] = [];
    while (isInterrupted(state)) {
      for (const { role, messages: said } of asked(state).requests) shown.push(`${role} ${JSON.stringify(said)}`);
      expect(asked(state).requests.at(-1)?.onlyIf === undefined).toBe(asked(state).stage === "small");
      state = await graph.invoke(new Command({ resume: "approve" }), config);
    }
    const sent = (["small", "large"] as const).flatMap((role) =>
      models[role].asked.map(({ messages: said }) => `${role} ${JSON.stringify(said)}`),
    );
    expect(sent.some((request) => request.includes("No more tools"))).toBe(true);
    for (const request of sent) expect(shown).toContain(request);
  });

  it("falls back to the best answer when rejected, or to a coded error before there is one", async () => {
    const first = cascade({ small: small(), large: large(), ask: { leaving: true } });
    await first.invoke({ question: "q" }, config);
    await expect(first.invoke(new Command({ resume: "reject" }), config)).rejects.toMatchObject({
      code: "REJECTED",
      isUsage: false,
    });
    const later = cascade({ small: small(), large: large(), ask: { leaving: true } });
    await later.invoke({ question: "q" }, config);
    await later.invoke(new Command({ resume: "approve" }), config);
    const { answer, ledger } = await later.invoke(new Command({ resume: "reject" }), config);
    expect(answer).toMatchObject({ value: "a", stage: "solo", stopped: "rejected" });
    expect(ledger.byRole["large"]).toBeUndefined();
  });

  it("does not count the time a person takes, and keeps within the budget of before", async () => {
    const graph = cascade({
      small: small(),
      large: large(),
      budget: { ms: 150, calls: 100 },
      ask: { guideline: true },
    });
    await graph.invoke({ question: "q" }, config);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const { answer } = await graph.invoke(new Command({ resume: "approve" }), config);
    expect(answer.stopped).toBeUndefined();
  });
});

describe("whom a run asks", () => {
  it("can be chosen when it is started, stricter than the graph and never less strict", async () => {
    const build = (ask: CopeOptions["ask"]) => cascade({ small: small(), large: large(), ask });
    const quiet = build({ guideline: false });
    expect(await quiet.invoke({ question: "q" }, config)).toMatchObject({ answer: { value: "taken over" } });
    expect(asked(await quiet.invoke({ question: "q", options: { ask: { guideline: true } } }, config)).asks).toBe(
      "guideline",
    );
    const strict = build({ guideline: true });
    const state = await strict.invoke({ question: "q", options: { ask: { guideline: false } } }, config);
    expect(asked(state).asks).toBe("guideline");
  });

  it("is refused where the graph has no such nodes, or nothing keeps the run until there is an answer", async () => {
    const models = { small: answering("1"), large: answering("2") };
    const without = cascade({ ...models, ask: { guideline: true } });
    const wish = { question: "q", options: { ask: { leaving: true } } };
    await expect(without.invoke(wish, config)).rejects.toMatchObject({
      code: "OPTIONS_INVALID",
      remedy: expect.stringContaining("ask: { leaving: false }"),
    });
    const unsaved = createCope({ family: plain, ...models, ask: { guideline: true } }).compile();
    await expect(unsaved.invoke({ question: "q" })).rejects.toMatchObject({
      code: "OPTIONS_INVALID",
      remedy: expect.stringContaining("checkpointer"),
    });
    expect(models.small.asked).toEqual([]);
  });
});
