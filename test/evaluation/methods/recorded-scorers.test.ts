import { expect, test } from "vitest";
import { recordedScorer } from "../../../src/evaluation/methods/recorded-scorers.js";

test.each([
  ["agreement", /--logprobs.*docs\/replay\.md/],
  ["fields", /family "choice".*docs\/replay\.md/],
  ["of one's own", /use vote, tests, perplexity/],
])("a scorer of which nothing is recorded is refused with what to use instead: %s", (name, remedy) => {
  expect(() => recordedScorer(name, "solo")).toThrow(
    expect.objectContaining({ code: "OPTIONS_INVALID", remedy: expect.stringMatching(remedy) }),
  );
});
