import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { createCope, type CopeOptions, type RunChoices, type Settings } from "../../src/index.js";
import { chosenBy } from "../../src/nodes/chosen.js";
import { answering, FakeModel } from "../support/fake-model.js";

/** A thread of a graph: what each turn's settings are. */
function threadOf(options: CopeOptions = {}) {
  const models = { small: answering("$\\boxed{4}$"), large: answering("$\\boxed{5}$") };
  const graph = createCope({ ...models, ...options }).compile({ checkpointer: new MemorySaver() });
  const config = { configurable: { thread_id: "t" } };
  return async (choice: { options?: RunChoices; context?: RunChoices } = {}) => {
    const { context, ...input } = choice;
    await graph.invoke({ question: "What is 2 + 2?", ...input }, { ...config, ...(context ? { context } : {}) });
    const { settings, stages } = (await graph.getState(config)).values;
    return { ...(settings as Settings), planned: stages![0].planned as number };
  };
}

describe("what a turn of a thread chooses", () => {
  it("lasts for the turns after it, until one chooses another value", async () => {
    const turn = threadOf();
    const first = { samples: 3, seed: 7, family: "chat", thresholds: [0.9, 0.8], scorer: undefined } as RunChoices;
    const lasting = { planned: 3, seed: 7, family: "chat" };
    expect(await turn({ options: { ...first, family: "math" } })).toMatchObject({ ...lasting, family: "math" });
    expect(await turn()).toMatchObject({ ...lasting, family: "math" });
    expect(await turn({ options: { samples: 2 } })).toMatchObject({ ...lasting, family: "math", planned: 2 });
    const last = await turn();
    expect(last).toMatchObject({ ...lasting, family: "math", planned: 2 });
    expect(last.stages.flatMap(({ accept }) => accept?.threshold ?? [])).toEqual([0.9, 0.8]);
  });

  it("lasts also where it came by the context, as Studio's form sends it", async () => {
    const turn = threadOf({ family: "math" });
    await turn({ context: { samples: 2, guideline: "critique" }, options: { samples: 5 } });
    expect(await turn()).toMatchObject({ planned: 2, guideline: "critique" });
  });

  it("goes back to what the graph was built with by null, whole or by one key", async () => {
    const turn = threadOf({ family: "math", samples: 4, prices: { "fake:fake": { input: 1, output: 1 } } });
    const prices = { "fake:fake": { input: 2, output: 2 } };
    expect(await turn({ options: { samples: 2, seed: 5, budget: { calls: 90, ms: 60_000 }, prices } })).toMatchObject({
      planned: 2,
      prices,
    });
    const second = await turn({ options: { samples: null, budget: { calls: null }, prices: { "fake:fake": null } } });
    expect(second).toMatchObject({ planned: 4, seed: 5, prices: { "fake:fake": { input: 1, output: 1 } } });
    expect(second.budget).toEqual({ ms: 60_000 });
    const third = await turn({ context: { budget: null, seed: null } });
    expect(third).toMatchObject({ planned: 4, seed: 0, budget: {} });
  });

  it("can be loosened by a later turn as far as the graph was built with, and no further", async () => {
    const turn = threadOf({ family: "math", budget: { calls: 80 } });
    expect((await turn({ options: { budget: { calls: 40 } } })).budget).toEqual({ calls: 40 });
    expect((await turn({ options: { budget: { calls: 60 } } })).budget).toEqual({ calls: 60 });
    expect((await turn({ options: { budget: { calls: 99 } } })).budget).toEqual({ calls: 80 });
  });

  it("is refused by name where there is no such option, null or not", async () => {
    const turn = threadOf({ family: "math" });
    const wrong = { code: "OPTIONS_INVALID", message: expect.stringContaining("sampels") };
    await expect(turn({ options: { sampels: null } as never })).rejects.toMatchObject(wrong);
    await expect(turn({ options: { sampels: 3 } as never })).rejects.toMatchObject(wrong);
    await expect(turn({ options: { samples: 0 } })).rejects.toMatchObject({ code: "OPTIONS_INVALID" });
    // What was refused is not remembered.
    expect(await turn()).toMatchObject({ planned: 8 });
  });
});

it("what a refused turn brought is no part of the next one", async () => {
  const small = answering("$\\boxed{4}$");
  const graph = createCope({ small, large: answering("$\\boxed{5}$") }).compile({ checkpointer: new MemorySaver() });
  const config = { configurable: { thread_id: "t" } };
  const refused = { question: "What is 1 + 1?", given: { testz: ["no"] }, options: { samples: 3 } };
  await expect(graph.invoke(refused, config)).rejects.toMatchObject({ code: "TASK_INVALID" });
  const messages = [{ role: "user", content: "What is 2 + 2?" }];
  const { answer, stages } = await graph.invoke({ messages }, config);
  expect(answer.value).toBe("4");
  expect(stages[0]!.planned).toBe(8);
  expect(small.asked.every(({ user }) => user.includes("2 + 2"))).toBe(true);
});

describe("models of a thread", () => {
  const after = (...turns: RunChoices[]) => turns.reduce<any>((before, now) => chosenBy(before, [now]), {}).models;

  it("are one set, whichever way each was named", () => {
    expect(after({ small: "a:1" }, { models: { small: "a:2" } })).toEqual({ small: "a:2" });
    expect(after({ models: { small: "a:1", critic: "a:3" } }, { small: "a:2" })).toEqual({
      small: "a:2",
      critic: "a:3",
    });
    expect(after({ small: "a:1", large: "a:4" }, { models: { small: null } })).toEqual({ large: "a:4" });
    expect(after({ models: { small: "a:1" } }, { small: null })).toBeUndefined();
    expect(after({ models: { small: "a:1", critic: "a:3" } }, { models: null })).toBeUndefined();
    // As 0.2.0 wrote them.
    expect(chosenBy({ small: "a:1" }, [{ small: "a:2" }])).toEqual({ models: { small: "a:2" } });
  });
});

const image = { type: "image_url", image_url: { url: "data:image/png;base64,AA==" } };
const shown = [{ role: "user", content: [{ type: "text", text: "What is 2 + 2?" }, image] }];

describe("parts of a message that no text model can read", () => {
  it.each([
    ["an image", image],
    ["a file", { type: "file", file: { filename: "a.pdf", file_data: "AA==" } }],
    ["audio", { type: "input_audio", input_audio: { data: "AA==", format: "wav" } }],
  ])("%s is refused by its kind before any call, in the question and in what was said before", async (_, part) => {
    const small = answering("4");
    const graph = createCope({ small, large: small }).compile();
    const asking = { role: "user", content: [{ type: "text", text: "What is 2 + 2?" }, part] };
    const refused = { code: "REQUEST_REJECTED", message: expect.stringContaining(`"${part.type}"`) };
    const later = { role: "user", content: "And 3 + 3?" };
    await expect(graph.invoke({ messages: [asking] })).rejects.toMatchObject(refused);
    await expect(graph.invoke({ messages: [asking, later] })).rejects.toMatchObject(refused);
    expect(small.asked).toEqual([]);
  });

  it("do not end the thread in which they were refused", async () => {
    const small = answering("$\\boxed{4}$");
    const graph = createCope({ small, large: small, family: "math" }).compile({ checkpointer: new MemorySaver() });
    const config = { configurable: { thread_id: "t" } };
    await graph.invoke({ question: "What is 1 + 1?" }, config);
    await expect(graph.invoke({ messages: shown }, config)).rejects.toMatchObject({ code: "REQUEST_REJECTED" });
    const { answer } = await graph.invoke({ messages: [{ role: "user", content: "What is 2 + 2?" }] }, config);
    expect(answer.value).toBe("4");
  });
});

it("a plan that is edited by updateState takes the place of the one with its id", async () => {
  const small = answering("$\\boxed{4}$");
  const graph = createCope({ small, large: small, family: "math", samples: 2 }).compile({
    checkpointer: new MemorySaver(),
  });
  const config = { configurable: { thread_id: "t" } };
  await graph.invoke({ question: "What is 2 + 2?" }, config);
  const { plans } = (await graph.getState(config)).values;
  await graph.updateState(config, { plans: [{ ...plans[0]!, text: "Count." }] });
  const edited = (await graph.getState(config)).values.plans;
  expect(edited.map(({ id }: { id: string }) => id)).toEqual(plans.map(({ id }: { id: string }) => id));
  expect(edited[0]!.text).toBe("Count.");
});

it("runnables around a model are refused with what to give instead", () => {
  const model = answering("4");
  for (const wrapped of [model.withRetry(), model.withFallbacks([model]), model.withConfig({ tags: ["a"] })])
    expect(() => createCope({ small: wrapped as never })).toThrow(/give the chat model itself.*`attempts`/);
});

describe("calls under way at once", () => {
  /** The most that were under way at once while some invocations ran together. */
  async function most(invocations: number, options: CopeOptions): Promise<number> {
    let [now, highest] = [0, 0];
    const small = new FakeModel(async () => {
      highest = Math.max(highest, ++now);
      await new Promise((resolve) => setTimeout(resolve, 20));
      now -= 1;
      return "$\\boxed{4}$";
    });
    const graph = createCope({
      small,
      large: small,
      stages: "majority",
      family: "math",
      samples: 4,
      ...options,
    }).compile();
    await Promise.all(Array.from({ length: invocations }, () => graph.invoke({ question: "What is 2 + 2?" })));
    return highest;
  }

  it("are limited for each run, so that runs do not wait for each other", async () => {
    expect(await most(1, { concurrency: 2 })).toBe(2);
    expect(await most(3, { concurrency: 2 })).toBe(6);
  });

  it("are limited for each model in the process by maxConcurrency", async () => {
    expect(await most(3, { concurrency: 4, maxConcurrency: 3 })).toBe(3);
  });
});
