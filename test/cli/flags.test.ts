import { expect, test } from "vitest";
import {
  json,
  list,
  many,
  number,
  numberOf,
  numbers,
  off,
  parse,
  pricesByModel,
  pricesOf,
  text,
} from "../../src/cli/flags.js";

const flags = {
  samples: number("<n>", "planned samples", ({ RunOptions }) => RunOptions.shape.samples),
  thresholds: numbers("<t1,t2>", "one for each stage", ({ RunOptions }) => RunOptions.shape.thresholds),
  atOnce: number("<n>", "problems under way at once"),
  methods: list("<names>", "what is compared"),
  data: many("<file>", "what is read"),
  tape: text("<file>", "where draws are recorded"),
  save: off("save nothing"),
  json,
};

test("flags are read by their kind, and those that are not typed are not there", async () => {
  const typed = { samples: "4", thresholds: "0.5, 1", methods: "cope, large", data: ["a", "b"], tape: "x", save: true };
  const values = await parse("eval", flags, typed);
  expect(values).toEqual({ ...typed, samples: 4, thresholds: [0.5, 1], methods: ["cope", "large"] });
});

test("what is no number is no zero", () => {
  expect([numberOf("0.5"), numberOf(" "), numberOf("x")]).toEqual([0.5, NaN, NaN]);
});

test("a price belongs to a role or a model, whatever stands in its name", () => {
  expect(pricesOf(["large=2.5,10"])).toEqual({ large: { input: 2.5, output: 10 } });
  expect(Object.keys(pricesOf(["openai:a=b@http://x:1/v1=1,2"]))).toEqual(["openai:a=b@http://x:1/v1"]);
});

test("a price of a role is one of its model, and a name that would price nothing is refused", () => {
  const roles = { small: "ollama:a", large: "openai:b@http://x:1/v1" };
  const price = { input: 1, output: 2 };
  expect(pricesByModel({ large: price, "openai:c": price, a: price }, roles)).toEqual({
    "openai:b@http://x:1/v1": price,
    "openai:c": price,
    a: price,
  });
  for (const name of ["lrage", "b", "toString"])
    expect(() => pricesByModel({ [name]: price }, roles)).toThrow(`--price: "${name}" is neither a role nor a model.`);
});

test.each(["large", "=1,2", "large=1", "large=1,2,3", "large=a,2", "large=1,"])("%j is no price", (price) => {
  expect(() => pricesOf([price])).toThrow(/--price.*--price openai:mine=0.15,0.6/);
});

test.each([
  [{ samples: "0" }, 'eval: --samples: at least 1 is needed, "0" is given.'],
  [{ samples: "4,5" }, 'eval: --samples: a number is needed, "4,5" is given.'],
  [{ thresholds: "0.5,2" }, 'eval: --thresholds: at most 1 is needed, "0.5,2" is given.'],
  [{ atOnce: "x" }, 'eval: --at-once: a number is needed, "x" is given.'],
])("errors name flags as they are typed, with what was typed: %j", async (typed, reason) => {
  await expect(parse("eval", flags, typed)).rejects.toMatchObject({
    code: "OPTIONS_INVALID",
    reason,
    remedy: "see `cope eval --help`.",
  });
});
