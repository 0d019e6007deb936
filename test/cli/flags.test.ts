import { expect, test } from "vitest";
import { flagWords, numberOf, numbersOf, priceOf } from "../../src/cli/flags.js";
import { parseCompare } from "../../src/cli/compare-scorers-options.js";
import { parseReplay } from "../../src/cli/replay-options.js";

test("numbers are read as they were typed, and what is none is no zero", () => {
  expect([numberOf(undefined), numberOf("0.5"), numberOf(" "), numberOf("x")]).toEqual([undefined, 0.5, NaN, NaN]);
  expect(numbersOf("1, 2,")).toEqual([1, 2, NaN]);
});

test("a price belongs to a role or a model, whatever stands in its name", () => {
  expect(priceOf("large=2.5,10")).toEqual(["large", { input: 2.5, output: 10 }]);
  expect(priceOf("openai:a=b@http://x:1/v1=1,2")[0]).toBe("openai:a=b@http://x:1/v1");
});

test.each(["large", "=1,2", "large=1", "large=1,2,3", "large=a,2", "large=1,"])("%j is no price", (text) => {
  expect(() => priceOf(text)).toThrow(/--price.*--price openai:mine=0.15,0.6/);
});

test("errors name flags as they are typed, with what was typed", () => {
  const { name, given } = flagWords({ atOnce: "x" }, "eval");
  expect([name!("atOnce"), given!("atOnce"), given!("price")]).toEqual(["--at-once", "x", undefined]);
  expect(() => parseCompare({ atAccuracy: "2" })).toThrow('--at-accuracy: at most 1 is needed, "2" is given');
  expect(() => parseReplay({ price: [], limit: "4,5" })).toThrow('--limit: a number is needed, "4,5" is given');
});
