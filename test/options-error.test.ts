import { expect, test } from "vitest";
import { z } from "zod";
import { createMathSame } from "../src/families/math/same.js";
import { createPriceBook } from "../src/models/prices.js";
import { parseOptions } from "../src/options-error.js";
import { RunOptions } from "../src/state/options.js";

const said = (value: unknown, schema: z.ZodType = RunOptions) => {
  try {
    parseOptions(schema, value, "options");
  } catch (error) {
    return (error as Error).message;
  }
  return "nothing";
};

test.each<[string, unknown, string]>([
  ["a text for a number", { samples: "many" }, 'samples: a number is needed, "many" is given.'],
  ["no number", { samples: Number.NaN }, "samples: a number is needed, NaN is given."],
  ["a part of a number", { seed: 1.5 }, "seed: a whole number is needed, 1.5 is given."],
  ["too little", { samples: 0 }, "samples: at least 1 is needed, 0 is given."],
  ["too much", { thresholds: [0.5, 1.2] }, "thresholds.1: at most 1 is needed, 1.2 is given."],
  ["nothing of what must be more", { budget: { usd: 0 } }, "budget.usd: more than 0 is needed, 0 is given."],
  ["an empty text", { small: "" }, 'small: a text is needed, "" is given.'],
  ["another word", { guideline: "rude" }, '"method" or "critique" or "worked" is needed, "rude" is given.'],
  ["a name that is none", { smal: "x" }, 'options: there is no "smal".'],
  ["an object", { family: { apiKey: "my-secret" } }, "family: a text is needed, an object is given."],
])("%s: the field, what is needed and what is given, on one line", (_, value, message) => {
  expect(said(value)).toContain(message);
  expect(said(value)).not.toMatch(/\n|Invalid|my-secret/);
});

test("several faults are told on one line, and nothing is told of what is right", () => {
  expect(said({ samples: 0, seed: -1, family: "math" })).toBe(
    "[OPTIONS_INVALID] options: samples: at least 1 is needed, 0 is given; seed: at least 0 is needed, -1 is given. Remedy: correct the field it names.",
  );
});

test("what looks like a key is not repeated, nor is a text of any length", () => {
  expect(said({ samples: "sk-0123456789abcdef" })).toContain("[private]");
  expect(said({ samples: "x".repeat(5000) }).length).toBeLessThan(200);
});

test.each<[string, () => unknown, RegExp]>([
  [
    "prices",
    () => createPriceBook({ "openai:x": { input: -1, output: Number.NaN } }),
    /openai:x\.input: .*openai:x\.output: /,
  ],
  ["the math equality", () => createMathSame({ timeLimitMs: -1 }), /timeLimitMs: /],
])("the options of %s are told on one line too", (_, make, fields) => {
  expect(make).toThrow(expect.objectContaining({ code: "OPTIONS_INVALID", message: expect.stringMatching(fields) }));
  expect(make).toThrow(expect.objectContaining({ message: expect.not.stringContaining("\n") }));
});
