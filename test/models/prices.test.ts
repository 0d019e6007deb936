import { calcPrice, findProvider } from "@pydantic/genai-prices";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPriceBook } from "../../src/models/prices.js";
import type { Price } from "../../src/state/options.js";
import type { ModelIdentity, Usage } from "../../src/models/types.js";

const usage = (inputTokens: number | null, outputTokens: number | null): Usage => ({ inputTokens, outputTokens });
const gpt4o: ModelIdentity = { provider: "openai", model: "gpt-4o" };
const mystery: ModelIdentity = { provider: "openai", model: "no-such-model-1" };
const qwen: ModelIdentity = { provider: "ollama", model: "qwen3:4b" };
const million = usage(1e6, 1e6);

/** A winter's midday, so that prices bound to dates and hours stand still. */
const noon = Date.UTC(2026, 10, 20, 12);
const book = createPriceBook({}, { now: () => noon });

const at = (hour: number) => createPriceBook({}, { now: () => Date.UTC(2026, 10, 20, hour) });

describe("what a call costs", () => {
  it("is in the table for models that are widely used", () => {
    expect(book.cost(gpt4o, million)).toEqual({ usd: 12.5, source: "table" });
    expect(book.has(gpt4o)).toBe(true);
  });

  it("is found by the class name of a given instance too", () => {
    for (const [provider, model] of [
      ["ChatOpenAI", "gpt-4o"],
      ["ChatGroq", "llama-3.1-8b-instant"],
      ["ChatMistralAI", "mistral-small-latest"],
      ["ChatTogetherAI", "meta-llama/Llama-3.3-70B-Instruct-Turbo"],
    ] as const) {
      expect(book.cost({ provider, model }, million)).toMatchObject({ source: "table", usd: expect.any(Number) });
    }
  });

  it("is null, never a guess, for a model or provider that is not in the table", () => {
    for (const model of [mystery, { provider: "FakeChatModel", model: "gpt-4o" }, { provider: "", model: "gpt-4o" }]) {
      expect(book.cost(model, million)).toEqual({ usd: null, source: "unknown" });
      expect(book.worst(model, { input: 1, output: 1 })).toBeNull();
      expect(book.has(model)).toBe(false);
    }
  });

  it("is null for a model that has no price for text coming out", () => {
    expect(book.has({ provider: "openai", model: "text-embedding-3-small" })).toBe(false);
  });

  it("is null where a token count is missing or is no count", () => {
    for (const counted of [usage(null, 5), usage(5, null), usage(Number.NaN, 5), usage(-1, 5)]) {
      expect(book.cost(gpt4o, counted)).toEqual({ usd: null, source: "table" });
    }
  });

  it("is nothing for local models, whatever was counted", () => {
    for (const model of [
      qwen,
      { provider: "llama", model: "qwen2.5-coder-0.5b-instruct" },
      { ...qwen, provider: "ChatOllama" },
    ]) {
      expect(book.cost(model, usage(null, null))).toEqual({ usd: 0, source: "local" });
      expect(book.worst(model, { input: 1e6, output: 1e6 })).toBe(0);
    }
  });

  it("is what the caller says before all else, by provider and model before model alone", () => {
    const own = createPriceBook({
      "gpt-4o": { input: 1, output: 2 },
      "ollama:qwen3:4b": { input: 3, output: 4 },
      "qwen3:4b": { input: 30, output: 40 },
      "openai:no-such-model-1": { input: 0, output: 6 },
    });
    expect(own.cost(gpt4o, million)).toEqual({ usd: 3, source: "given" });
    expect(own.cost(qwen, million)).toEqual({ usd: 7, source: "given" });
    expect(own.cost(mystery, usage(null, 1e6))).toEqual({ usd: 6, source: "given" });
  });

  it("rejects prices that are not numbers of at least 0", () => {
    for (const price of [
      { input: -1, output: 1 },
      { input: Number.NaN, output: 1 },
      { input: 1 },
      { input: 1, output: Infinity },
    ]) {
      expect(() => createPriceBook({ "openai:x": price as Price })).toThrow(
        expect.objectContaining({ code: "OPTIONS_INVALID", reason: expect.stringContaining("openai:x") }),
      );
    }
  });

  it("follows the hour where the table does", () => {
    const deepseek = { provider: "deepseek", model: "deepseek-reasoner" };
    const prices = Array.from({ length: 24 }, (_, hour) => at(hour).cost(deepseek, million).usd!);
    const highest = Math.max(...prices);
    expect(Math.min(...prices)).toBeLessThan(highest);
    for (let hour = 0; hour < 24; hour += 1) {
      expect(at(hour).worst(deepseek, { input: 1e6, output: 1e6 })).toBeGreaterThanOrEqual(highest);
    }
  });
});

/** Every model of these providers that the table has a price for. */
const listed = ["openai", "anthropic", "google", "deepseek", "perplexity", "mistral", "x-ai", "openrouter"].flatMap(
  (provider) =>
    findProvider({ providerId: provider })!
      .models.map(({ id }) => ({ provider, model: id }))
      .filter((model) => book.has(model)),
);
const tokens = fc.oneof(fc.nat(2_000), fc.nat(3_000_000), fc.constantFrom(128_000, 128_001, 200_000, 200_001));
/** A share of some tokens, whole. */
const cache = fc.constantFrom(0, 0.25, 0.9, 1).map((share) => (of: number) => Math.floor(of * share));
const moment = fc.nat(24 * 60).map((minutes) => noon + minutes * 60_000);

describe("for every listed model", () => {
  it("the cost is what the table's own package computes, tiers included", () => {
    expect(listed.length).toBeGreaterThan(200);
    fc.assert(
      fc.property(fc.constantFrom(...listed), tokens, tokens, moment, cache, (model, input, output, ms, part) => {
        const [read, written, hour] = [part(input), part(input - part(input)), part(part(input - part(input)))];
        const counted = {
          input_tokens: input,
          output_tokens: output,
          cache_read_tokens: read,
          cache_write_tokens: written,
          cache_write_1h_tokens: hour,
        };
        const theirs = calcPrice(counted, model.model, { providerId: model.provider, timestamp: new Date(ms) });
        const parts = { cachedInputTokens: read, cacheWriteTokens: written, hourCacheWriteTokens: hour };
        const ours = createPriceBook({}, { now: () => ms }).cost(model, { ...usage(input, output), ...parts });
        expect(ours.usd).toBeCloseTo(theirs!.total_price, 9);
      }),
      { numRuns: 1_000, seed: 1 },
    );
  });

  it("no call of at most so many tokens costs more than the worst case said before it", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...listed),
        tokens,
        tokens,
        moment,
        fc.nat(),
        fc.nat(),
        (model, input, output, ms, a, b) => {
          const worst = book.worst(model, { input, output })!;
          const counted = usage(a % (input + 1), b % (output + 1));
          const parts = { cachedInputTokens: b, cacheWriteTokens: a, hourCacheWriteTokens: a % 7 };
          const then = createPriceBook({}, { now: () => ms });
          for (const cost of [then.cost(model, counted), then.cost(model, { ...counted, ...parts })])
            expect(cost.usd).toBeLessThanOrEqual(worst * (1 + 1e-12));
        },
      ),
      { numRuns: 1_000, seed: 1 },
    );
  });
});
