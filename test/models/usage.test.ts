import { AIMessage } from "@langchain/core/messages";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ledgerEntry, billOf, sum } from "../../src/models/ledger.js";
import { createPriceBook } from "../../src/models/prices.js";
import type { Usage } from "../../src/models/types.js";
import { usageOf } from "../../src/models/usage.js";

const seen = (usage_metadata: unknown, usage?: unknown, text = "4") =>
  usageOf(
    new AIMessage({
      content: text,
      usage_metadata: usage_metadata as never,
      response_metadata: usage ? { usage } : {},
    }),
    text !== "",
  );

/** What LangChain's classes say, and what some servers say beside it. */
const SHAPES: [string, unknown, unknown, Usage][] = [
  [
    "OpenAI: cached and thought are counted in",
    {
      input_tokens: 1000,
      output_tokens: 210,
      total_tokens: 1210,
      input_token_details: { cache_read: 900 },
      output_token_details: { reasoning: 200 },
    },
    { prompt_tokens: 1000, completion_tokens: 210, total_tokens: 1210 },
    { inputTokens: 1000, outputTokens: 210, cachedInputTokens: 900, reasoningTokens: 200 },
  ],
  [
    "OpenAI, nothing cached",
    { input_tokens: 20, output_tokens: 7, total_tokens: 27, input_token_details: { cache_read: 0, audio: 0 } },
    undefined,
    { inputTokens: 20, outputTokens: 7 },
  ],
  [
    "Anthropic by LangChain: the input holds what was read and written",
    {
      input_tokens: 1000,
      output_tokens: 50,
      total_tokens: 1050,
      input_token_details: { cache_creation: 500, cache_read: 400 },
    },
    {
      input_tokens: 100,
      cache_creation_input_tokens: 500,
      cache_read_input_tokens: 400,
      cache_creation: { ephemeral_5m_input_tokens: 300, ephemeral_1h_input_tokens: 200 },
      output_tokens: 50,
    },
    { inputTokens: 1000, outputTokens: 50, cachedInputTokens: 400, cacheWriteTokens: 500, hourCacheWriteTokens: 200 },
  ],
  [
    "a class that leaves Anthropic's caches beside the input",
    { input_tokens: 100, output_tokens: 50, total_tokens: 150, input_token_details: { cache_read: 900 } },
    undefined,
    { inputTokens: 1000, outputTokens: 50, cachedInputTokens: 900 },
  ],
  [
    "the same where the total tells",
    { input_tokens: 1000, output_tokens: 50, total_tokens: 1950, input_token_details: { cache_read: 900 } },
    undefined,
    { inputTokens: 1900, outputTokens: 50, cachedInputTokens: 900 },
  ],
  [
    "Gemini: thoughts are in the total alone",
    { input_tokens: 100, output_tokens: 10, total_tokens: 310, input_token_details: { cache_read: 40 } },
    undefined,
    { inputTokens: 100, outputTokens: 210, cachedInputTokens: 40 },
  ],
  [
    "xAI: thoughts are beside the output, and in the total",
    { input_tokens: 30, output_tokens: 10, total_tokens: 240, output_token_details: { reasoning: 200 } },
    undefined,
    { inputTokens: 30, outputTokens: 210, reasoningTokens: 200 },
  ],
  [
    "a server like it whose total leaves them out",
    { input_tokens: 30, output_tokens: 10, total_tokens: 40, output_token_details: { reasoning: 200 } },
    undefined,
    { inputTokens: 30, outputTokens: 210, reasoningTokens: 200 },
  ],
  [
    "xAI's streams, as its server says it",
    {
      prompt_tokens: 30,
      completion_tokens: 10,
      total_tokens: 240,
      prompt_tokens_details: { cached_tokens: 20 },
      completion_tokens_details: { reasoning_tokens: 200 },
    },
    undefined,
    { inputTokens: 30, outputTokens: 210, cachedInputTokens: 20, reasoningTokens: 200 },
  ],
  [
    "DeepSeek: what its cache held by a name of its own",
    { input_tokens: 100, output_tokens: 9, total_tokens: 109 },
    {
      prompt_tokens: 100,
      completion_tokens: 9,
      total_tokens: 109,
      prompt_cache_hit_tokens: 64,
      prompt_cache_miss_tokens: 36,
    },
    { inputTokens: 100, outputTokens: 9, cachedInputTokens: 64 },
  ],
  [
    "Mistral, Groq and Ollama: two counts and their sum",
    { input_tokens: 12, output_tokens: 3, total_tokens: 15 },
    undefined,
    { inputTokens: 12, outputTokens: 3 },
  ],
  [
    "Bedrock by LangChain",
    {
      input_tokens: 1000,
      output_tokens: 5,
      total_tokens: 1005,
      input_token_details: { cache_read: 600, cache_creation: 300 },
    },
    undefined,
    { inputTokens: 1000, outputTokens: 5, cachedInputTokens: 600, cacheWriteTokens: 300 },
  ],
  [
    "Ollama that counted nothing",
    { input_tokens: 0, output_tokens: 0, total_tokens: 0 },
    undefined,
    { inputTokens: null, outputTokens: null },
  ],
  ["a server that states no usage", undefined, undefined, { inputTokens: null, outputTokens: null }],
  [
    "a stream's end that OpenAI's client leaves raw",
    undefined,
    { prompt_tokens: 8, completion_tokens: 2 },
    { inputTokens: 8, outputTokens: 2 },
  ],
];

describe("usage", () => {
  it.each(SHAPES)("%s", (_, told, raw, usage) => {
    expect(seen(told, raw)).toEqual(usage);
  });

  it("of a text without a count is not 0", () => {
    expect(seen({ input_tokens: 5, output_tokens: 0, total_tokens: 5 }).outputTokens).toBeNull();
    expect(seen({ input_tokens: 5, output_tokens: 0, total_tokens: 5 }, undefined, "").outputTokens).toBe(0);
  });
});

const noon = { now: () => Date.UTC(2026, 10, 20, 12) };

describe("what a call costs by its parts", () => {
  it("is OpenAI's price for what its cache held, and the full one for the rest", () => {
    const usage = { inputTokens: 1000, outputTokens: 100, cachedInputTokens: 900 };
    expect(createPriceBook({}, noon).cost({ provider: "openai", model: "gpt-4o" }, usage).usd).toBeCloseTo(
      0.002375,
      12,
    );
  });

  it("is Anthropic's for what was written, for an hour too", () => {
    const usage = { inputTokens: 1000, outputTokens: 0, cacheWriteTokens: 900, hourCacheWriteTokens: 400 };
    const { usd } = createPriceBook({}, noon).cost({ provider: "anthropic", model: "claude-sonnet-4-5" }, usage);
    expect(usd).toBeCloseTo((100 * 3 + 500 * 3.75 + 400 * 6) / 1e6, 12);
  });

  it("goes by one's own prices, by input and output where no other is given", () => {
    const usage = {
      inputTokens: 1000,
      outputTokens: 100,
      cachedInputTokens: 600,
      cacheWriteTokens: 100,
      reasoningTokens: 40,
    };
    const model = { provider: "p", model: "m" };
    const cost = (price: object) => createPriceBook({ "p:m": price as never }).cost(model, usage).usd;
    expect(cost({ input: 10, output: 100 })).toBeCloseTo(0.02, 12);
    const own = { input: 10, output: 100, cachedInput: 1, cacheWrite: 20, reasoning: 50 };
    expect(cost(own)).toBeCloseTo((300 * 10 + 600 * 1 + 100 * 20 + 60 * 100 + 40 * 50) / 1e6, 12);
    const book = createPriceBook({ "p:m": own });
    expect(book.worst(model, { input: 1000, output: 100 })).toBeCloseTo((1000 * 20 + 100 * 100) / 1e6, 12);
  });

  it("is unknown for a server at an address, whatever it calls its model, until a price is given", () => {
    const model = { provider: "openai-compatible", model: "gpt-4o", engine: "server 0123" };
    const usage = { inputTokens: 1e6, outputTokens: 0 };
    expect(createPriceBook().cost(model, usage)).toEqual({ usd: null, source: "unknown" });
    for (const name of ["openai-compatible:gpt-4o", "openai:gpt-4o", "gpt-4o"])
      expect(createPriceBook({ [name]: { input: 3, output: 4 } }).cost(model, usage).usd).toBe(3);
  });

  it("may be given for one address alone", async () => {
    const { identityOf, parseSpec } = await import("../../src/models/spec.js");
    const [one, other] = ["openai:m@http://127.0.0.1:8080/v1", "openai:m@http://127.0.0.1:9090"];
    const book = createPriceBook({ [one!]: { input: 3, output: 4 }, "openai:m": { input: 1, output: 1 } });
    const cost = (spec: string) => book.cost(identityOf(parseSpec(spec)), { inputTokens: 1e6, outputTokens: 0 }).usd;
    expect([cost(one!), cost(other!)]).toEqual([3, 1]);
  });

  it.each([
    ["ollama", "gpt-oss:120b-cloud"],
    ["ollama", "glm-4.6:cloud"],
    ["ollama", "qwen3-coder:480b-Cloud"],
    ["ChatOllama", "kimi-k2:1t-cloud"],
  ])("is unknown for what Ollama hands on: %s:%s", (provider, model) => {
    const book = createPriceBook();
    expect(book.cost({ provider, model }, { inputTokens: 5, outputTokens: 5 })).toEqual({
      usd: null,
      source: "unknown",
    });
    expect(book.has({ provider, model })).toBe(false);
  });

  it("is unknown for an Ollama elsewhere, and nothing on this machine", () => {
    const usage = { inputTokens: 5, outputTokens: 5 };
    const at = (local: boolean) => createPriceBook().cost({ provider: "ollama", model: "m", local }, usage).usd;
    expect([at(true), at(false)]).toEqual([0, null]);
  });
});

const tokens = fc.oneof(fc.constant(null), fc.nat(5_000));
const identity = fc.constantFrom(
  { provider: "openai", model: "gpt-4o" },
  { provider: "ollama", model: "qwen3:4b" },
  { provider: "ollama", model: "x:cloud" },
  { provider: "anthropic", model: "claude-sonnet-4-5" },
  { provider: "nobody", model: "m" },
);

describe("a bill", () => {
  it("is the sum of its rows, unknown as soon as one of them is, by role and in all", () => {
    const prices = createPriceBook({}, noon);
    const row = fc.record({
      identity,
      input: tokens,
      output: tokens,
      cached: fc.nat(5_000),
      role: fc.constantFrom("small", "large"),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), (rows) => {
        const entries = rows.map(({ identity: model, input, output, cached, role }, i) => {
          const usage = { inputTokens: input, outputTokens: output, cachedInputTokens: cached };
          const reply = { text: "4", usage, ms: 1 };
          const call = { call: `1/solo/${i}/execute`, role, stage: "solo", purpose: "execute" } as const;
          return ledgerEntry({ attempt: 1, state: "answered", reply, cached: false }, call, model, prices);
        });
        const bill = billOf(entries);
        const total = entries.some(({ usd }) => usd === null) ? null : entries.reduce((all, { usd }) => all + usd!, 0);
        const byRole = sum(Object.values(bill.byRole).map(({ usd }) => usd));
        // Added up in another order, the last digits may differ.
        const rounded = (usd: number | null) => (usd === null ? null : Number(usd.toFixed(12)));
        expect([bill.usd, byRole].map(rounded)).toEqual([rounded(total), rounded(total)]);
      }),
      { seed: 1 },
    );
  });
});
