import { expect, test } from "vitest";
import { dollarsOf, sumOf, weighted } from "../../src/evaluation/call-costs.js";
import type { DrawCall } from "../../src/evaluation/draw.js";
import { createPriceBook } from "../../src/models/prices.js";

const call = (model: string, inputTokens: number | null, outputTokens: number | null): DrawCall => {
  return { key: "", role: "large", model, purpose: "execute", inputTokens, outputTokens, ms: 0 };
};

test("what is not counted makes a sum unknown, and never 0", () => {
  expect(weighted(call("a:b", 100, 10))).toBe(140);
  expect(weighted(call("a:b", 100, 0))).toBe(100);
  expect([weighted(call("a:b", null, 10)), weighted(call("a:b", 100, null))]).toEqual([null, null]);
  expect([sumOf([]), sumOf([1, 2]), sumOf([1, null])]).toEqual([0, 3, null]);
});

test("a recorded model is priced by its whole name, whatever stands in it", () => {
  const prices = createPriceBook({ "openai-compatible:org/m:7b@v2": { input: 1, output: 2 } });
  expect(dollarsOf(call("openai-compatible:org/m:7b@v2", 1e6, 1e6), prices)).toBe(3);
  expect(dollarsOf(call("openai-compatible:other", 1e6, 1e6), prices)).toBeNull();
});
