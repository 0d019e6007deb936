import { MemorySaver, Send, type BaseCheckpointSaver } from "@langchain/langgraph";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createCope, openSaver } from "../../src/index.js";
import { purposeOf } from "../support/cascade-server.js";
import { startOpenAiServer } from "../support/openai-server.js";

/** Paths of everything in a value that JSON would not give back as it was. */
function unlikeJson(value: unknown, path: string): string[] {
  if (value === null || ["string", "boolean"].includes(typeof value)) return [];
  if (typeof value === "number") return Number.isFinite(value) ? [] : [path];
  if (Array.isArray(value)) return value.flatMap((item, at) => unlikeJson(item, `${path}.${at}`));
  if (typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype) return [path];
  return Object.entries(value).flatMap(([key, item]) => unlikeJson(item, `${path}.${key}`));
}

/** Everything that a run hands to its saver, before the saver makes text of it. */
interface Kept {
  /** Channels of every checkpoint, as `[name, value]`. */
  channels: [string, unknown][];
  /** What was sent to fanned-out nodes. */
  orders: unknown[];
  /** All of it as text. */
  text: string;
}

function watch(saver: BaseCheckpointSaver): Kept {
  const kept: Kept = { channels: [], orders: [], text: "" };
  const put = saver.put.bind(saver);
  const putWrites = saver.putWrites.bind(saver);
  saver.put = async (...args) => {
    kept.channels.push(...Object.entries(args[1].channel_values));
    kept.text += JSON.stringify(args);
    return put(...args);
  };
  saver.putWrites = async (...args) => {
    for (const [, value] of args[1]) if (value instanceof Send) kept.orders.push(value.args);
    kept.text += JSON.stringify(args);
    return putWrites(...args);
  };
  return kept;
}

const KEY = "sk-secret-0123456789";

/** A run of all three stages on models named by strings, with every kind of option given. */
async function keptBy(saver: BaseCheckpointSaver) {
  const server = await startOpenAiServer((request) =>
    purposeOf(request) === "execute" ? `The final answer is $\\boxed{${request.seed}}$.` : "Look at what is asked.",
  );
  onTestFinished(() => server.close());
  vi.stubEnv("OPENAI_API_KEY", KEY);
  vi.stubEnv("OPENAI_BASE_URL", server.url);
  onTestFinished(() => void vi.unstubAllEnvs());
  const kept = watch(saver);
  const graph = createCope({ small: "openai:small-1", large: "openai:large-1", samples: 3, family: "math" }).compile({
    checkpointer: saver,
  });
  const options = { budget: { calls: 100 }, prices: { "openai:small-1": { input: 1, output: 2 } } };
  const config = { configurable: { thread_id: "t" } };
  const { answer } = await graph.invoke({ question: "q", options }, config);
  expect(answer.stage).toBe("takeover");
  return { graph, kept, config };
}

describe.each<[string, () => Promise<BaseCheckpointSaver>]>([
  ["MemorySaver", async () => new MemorySaver()],
  [
    "SQLite",
    async () => {
      const { saver, close } = await openSaver(":memory:");
      onTestFinished(close);
      return saver;
    },
  ],
])("state, as %s gets it", (_, open) => {
  it("is plain JSON at every checkpoint, messages apart, and so is what samples are sent", async () => {
    const { kept } = await keptBy(await open());
    const ours = kept.channels.filter(
      // Names with a colon are LangGraph's own; `__pregel_tasks` holds the orders, which are looked at by themselves.
      ([name, value]) => name !== "messages" && !/:|^__/.test(name) && value !== undefined,
    );
    expect(new Set(ours.map(([name]) => name))).toContain("settings");
    expect(ours.flatMap(([name, value]) => unlikeJson(value, name))).toEqual([]);
    expect(kept.orders.length).toBeGreaterThan(6);
    expect(kept.orders.flatMap((order) => unlikeJson(order, "order"))).toEqual([]);
  });

  it("holds no key and no model, only the models' names", async () => {
    const { kept } = await keptBy(await open());
    expect(kept.text).toContain("openai:small-1");
    expect(kept.text).not.toContain(KEY);
    expect(kept.text).not.toMatch(/ChatOpenAI|lc_kwargs|apiKey/);
  });

  it("reads back as it was: history tells the run step by step", async () => {
    const { graph, config } = await keptBy(await open());
    const steps: string[] = [];
    for await (const { values, next } of graph.getStateHistory(config)) {
      steps.unshift([...new Set(next)].join());
      const { messages: _messages, ...rest } = values;
      expect(JSON.parse(JSON.stringify(rest))).toEqual(rest);
    }
    expect(steps).toEqual([
      "__start__",
      "intake",
      ..."solo_plan solo_execute solo_check guided_plan guided_execute guided_check".split(" "),
      // Two of three may settle the guided stage, and here do not: a second wave.
      ..."guided_execute guided_check takeover_execute".split(" "),
      "finish",
      "",
    ]);
  });
});
