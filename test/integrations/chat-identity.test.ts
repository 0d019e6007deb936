import { inspect } from "node:util";
import { InMemoryCache } from "@langchain/core/caches";
import { DynamicTool } from "@langchain/core/tools";
import { OpenAIEmbeddings, ChatOpenAI } from "@langchain/openai";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { openTape, type CopeOptions, type Scorer } from "../../src/index.js";
import { families } from "../../src/families/index.js";
import type { AnyFamily } from "../../src/families/types.js";
import { CopeChatModel } from "../../src/integrations/index.js";
import { scriptedModel } from "../../src/testing/index.js";

const KEY = "sk-test-f00dfacef00dface";
const TEXT = "project Nightingale";

const small = scriptedModel([{ reply: "It is $\\boxed{42}$." }]);
const large = scriptedModel([{ reply: "It is $\\boxed{7}$." }]);
const base = { family: "math", samples: 2, small, large } satisfies CopeOptions;
const idOf = (options: CopeOptions) => new CopeChatModel(options)._getSerializedCacheKeyParametersForCall({});
const scorer: Scorer = (samples) => ({ low: 1, high: 1, leader: samples[0]?.id, winner: samples[0]?.id, why: "any" });
const math = families["math"]!();
const thresholds = { stages: "cope" as const, thresholds: [0.9, 0.5] };

describe("what a cache knows a CopeChatModel by", () => {
  it("is the same for the same options, and for the same objects in others", () => {
    expect(idOf({ ...base })).toBe(idOf({ ...base, private: ["Jane Roe"] }));
    expect(idOf({ small: "ollama:a", large: "openai:b" })).toBe(idOf({ large: "openai:b", small: "ollama:a" }));
  });

  it.each<[string, CopeOptions]>([
    ["scorer, a function", { scorer }],
    ["scorer, by name", { scorer: "agreement" }],
    ["same", { same: (a, b) => a === b }],
    ["prompts", { prompts: { execute: math.prompts.execute } }],
    ["a family of one's own", { family: { ...math, name: "math" } as AnyFamily }],
    ["a family by name", { family: "chat" }],
    ["stages by name", { stages: "majority" }],
    [
      "stages of one's own",
      { stages: [{ name: "one", sees: [], execute: { by: "small", samples: 3, temperature: 1 } }] },
    ],
    ["thresholds", thresholds],
    ["samples", { samples: 3 }],
    ["seed", { seed: 1 }],
    ["budget", { budget: { calls: 9 } }],
    ["guideline", { guideline: "worked" }],
    ["reasoning", { reasoning: "program" }],
    ["harmGuard", { harmGuard: true }],
    ["embeddings", { embeddings: new OpenAIEmbeddings({ apiKey: KEY }) }],
    ["a tape", { tape: openTape(":memory:") }],
    ["another small model of the same name", { small: scriptedModel([{ reply: "It is $\\boxed{42}$." }]) }],
    ["a model function", { large: () => large }],
    ["a further role", { models: { third: "ollama:c" } }],
  ])("differs by %s", (_, more) => {
    expect(idOf({ ...base, ...more })).not.toBe(idOf(base));
  });

  it("differs for functions of one source that close over other values", () => {
    const within = (limit: number) => (a: unknown, b: unknown) => Math.abs(Number(a) - Number(b)) < limit;
    expect(idOf({ ...base, same: within(1) })).not.toBe(idOf({ ...base, same: within(2) }));
  });

  it("differs by where the environment sends a model's name, without telling it", () => {
    const named = () => idOf({ small: "ollama:a", large: "openai:b" });
    const before = named();
    vi.stubEnv("OPENAI_BASE_URL", "https://gateway.example/v1");
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(named()).not.toBe(before);
    expect(named()).not.toContain("gateway.example");
  });

  it("keeps two models that differ by their scorer alone from each other's answers", async () => {
    const cache = new InMemoryCache();
    const low: Scorer = () => ({ low: 0, high: 0, why: "never" });
    const question = "What is 6 times 7?";
    const sure = await new CopeChatModel({ ...base, stages: "cascade", scorer, cache }).invoke(question);
    const unsure = await new CopeChatModel({ ...base, stages: "cascade", scorer: low, cache }).invoke(question);
    expect([sure.text, unsure.text]).toEqual(["It is $\\boxed{42}$.", "It is $\\boxed{7}$."]);
    const asked = small.asked.length;
    await new CopeChatModel({ ...base, stages: "cascade", scorer, cache }).invoke(question);
    expect(small.asked).toHaveLength(asked);
  });

  it("differs by what a call asks for, whatever the tools hold", () => {
    const model = new CopeChatModel(base);
    const tool = (name: string) => {
      const made = new DynamicTool({ name, description: "Adds.", func: async () => "1" });
      return Object.assign(made, { apiKey: KEY, own: { made } });
    };
    const keys = [
      {},
      { tools: [tool("a")] },
      { tools: [tool("b")] },
      { seed: 3 },
      { stop: ["x"] },
      { cope: { samples: 9 } },
    ];
    const ids = keys.map((call) => model._getSerializedCacheKeyParametersForCall(call));
    expect(new Set(ids).size).toBe(keys.length);
    expect(ids.join()).not.toContain(KEY);
  });
});

describe("a key or a private text", () => {
  const models = () => {
    const configuration = { defaultHeaders: { "x-api-key": KEY } };
    const chat = new ChatOpenAI({ model: "gpt-4o", apiKey: KEY, configuration });
    return new CopeChatModel({
      small: chat,
      large: chat,
      models: { third: new ChatOpenAI({ apiKey: KEY }) },
      embeddings: new OpenAIEmbeddings({ apiKey: KEY }),
      family: { ...math, apiKey: KEY } as never,
      prompts: { plan: Object.assign(() => [], { apiKey: KEY }) },
      private: [TEXT],
    });
  };

  it.each<[string, (model: CopeChatModel) => unknown]>([
    ["its cache identity", (model) => model._getSerializedCacheKeyParametersForCall({})],
    ["its identifying parameters", (model) => JSON.stringify(model._identifyingParams())],
    ["serialize", (model) => JSON.stringify(model.serialize())],
    ["toJSON", (model) => JSON.stringify(model)],
    ["lc_kwargs", (model) => inspect(model.lc_kwargs, { depth: null, showHidden: true })],
    ["inspect", (model) => inspect(model, { depth: null, showHidden: true })],
    ["what traces show of it", (model) => JSON.stringify([model.getLsParams({} as never), model.invocationParams({})])],
  ])("stands not in %s", (_, seen) => {
    const said = String(seen(models()));
    expect(said).not.toContain(KEY);
    expect(said).not.toContain(TEXT);
  });
});
