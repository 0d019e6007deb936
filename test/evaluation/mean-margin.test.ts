import { expect, it } from "vitest";
import { meanMargin } from "../../src/evaluation/mean-margin.js";

const told = (...logprobs: number[]) => logprobs.map((logprob, i) => ({ token: String(i), logprob }));

it("is the mean lead of the likeliest token over the second, in whatever order they are told", () => {
  expect(meanMargin([told(-0.1, -2.1), told(-3, -2, -2.5)])).toBe((2 + 0.5) / 2);
});

it("leaves out places that tell one token only, or no finite lead", () => {
  expect(meanMargin([told(-0.5), told(0, -Infinity), told(0, -1), []])).toBe(1);
  for (const none of [undefined, [], [[]], [told(-1)]]) expect(meanMargin(none)).toBeUndefined();
});
