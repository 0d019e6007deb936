import * as fc from "fast-check";
import type { Sample } from "../../src/state/sample.js";
import { samplesOf } from "../../src/testing/index.js";

type About = Partial<Pick<Sample, "logprobs" | "vector" | "finish">>;

/** Samples of open text: a number of letters to tell them apart, and what scorers read; null is unreadable, an Error failed. */
export const texts = (...of: (About | null | Error)[]): Sample[] =>
  samplesOf(...of.map((about, i) => (about === null ? undefined : about instanceof Error ? about : `text ${i}`))).map(
    (sample, i) => ({ ...sample, ...(sample.value === undefined ? {} : (of[i] as About)) }),
  );

/** Mean log-probabilities as servers tell them, and as they should not. */
export const logprobs = fc.option(
  fc.array(
    fc.oneof(fc.double({ min: -20, max: 0, noNaN: true }), fc.constantFrom(-Infinity, NaN, Infinity, 1e-6, -9999)),
    { maxLength: 6 },
  ),
  { nil: undefined },
);

/** Samples with anything that perplexity may meet. */
export const anySamples = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.record({ logprobs, finish: fc.constantFrom("stop", "length", undefined) }) },
      { weight: 1, arbitrary: fc.constantFrom(null, new Error("no answer in 60 s")) },
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((of) => texts(...(of as (About | null | Error)[])));
