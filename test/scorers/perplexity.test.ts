import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "../../src/scorers/decide.js";
import { meanLogprob, perplexity, perplexityConfidence, perplexityScores } from "../../src/scorers/perplexity.js";
import { runScored } from "../../src/scorers/run-scored.js";
import { scorerContract } from "../../src/testing/index.js";
import { anySamples, logprobs, texts } from "./open-text.js";

const timeout = new Error("no answer in 60 s");
const LN2 = Math.log(2);

scorerContract(
  "perplexity",
  perplexity,
  () =>
    texts({ logprobs: [-0.1], finish: "length" }, { logprobs: [-1, -2] }, null, { logprobs: [-0.5] }, timeout, {
      logprobs: [-0.4],
      finish: "length",
    }),
  { runner: { describe, it } },
);

describe("perplexity", () => {
  it("is accepted by the reciprocal of the lowest, and the sample that has it wins", () => {
    const samples = texts({ logprobs: [-2, -2] }, { logprobs: [-LN2, -LN2] }, null, timeout);
    expect(perplexity(samples, { planned: 4 })).toEqual({
      low: 0.5,
      high: 0.5,
      winner: "1/solo/1",
      leader: "1/solo/1",
      why: "lowest perplexity of 4 samples is 2.00 (confidence 0.50), 1 empty, 1 failed",
    });
  });

  it("is never settled while a better sample may come", () => {
    const said = perplexity(texts({ logprobs: [-LN2] }), { planned: 2 });
    expect(said).toMatchObject({ low: 0.5, high: 1, leader: "1/solo/0" });
    expect(said.winner).toBeUndefined();
  });

  it("passes over a text that was cut, a loop say, where another came to its end", () => {
    const loop = { logprobs: [-0.001], finish: "length" };
    const whole = { logprobs: [-1], finish: "stop" };
    expect(perplexity(texts(loop, whole), { planned: 2 })).toMatchObject({ winner: "1/solo/1", low: Math.exp(-1) });
    expect(perplexity(texts(loop, null), { planned: 2 })).toMatchObject({ winner: "1/solo/0", low: Math.exp(-0.001) });
    expect(perplexity(texts(loop), { planned: 2 })).toMatchObject({ leader: "1/solo/0", low: 0, high: 1 });
    for (const finish of ["max_tokens", "MAX_TOKENS", "max_output_tokens"])
      expect(perplexityScores([{ readable: true, meanLogprob: 0, finish }, { readable: true }])).toEqual([null, 0]);
  });

  it("has no confidence in a text whose tokens are not told, or told as what cannot be", () => {
    for (const told of [undefined, [], [NaN], [-1, -Infinity], [Infinity], [0.7]]) {
      expect(perplexityConfidence(told)).toBe(0);
      expect(perplexity(texts(told ? { logprobs: told } : {}), { planned: 1 })).toMatchObject({ low: 0 });
    }
    expect(perplexityConfidence([1e-6])).toBe(1);
    expect(meanLogprob([-1, -Infinity])).toBe(-Number.MAX_VALUE);
  });

  it("takes the vote of a text that is not told, and says so", () => {
    const samples = texts({}, { logprobs: [-LN2] }, { logprobs: [0, -Infinity] });
    expect(perplexity(samples, { planned: 3 })).toMatchObject({
      winner: "1/solo/1",
      low: 0.5,
      why: "lowest perplexity of 3 samples is 2.00 (confidence 0.50), 1 without log-probabilities",
    });
  });

  it("is one number for tokens and for their mean, in 0 … 1", () => {
    fc.assert(
      fc.property(logprobs, (told) => {
        const confidence = perplexityConfidence(told);
        expect(confidence).toBeGreaterThanOrEqual(0);
        expect(confidence).toBeLessThanOrEqual(1);
        expect(perplexityConfidence(meanLogprob(told))).toBe(confidence);
      }),
    );
  });

  it("keeps its interval's promise however the draws go on", () => {
    fc.assert(
      fc.property(anySamples, (samples) => {
        const planned = samples.length;
        const final = perplexity(samples, { planned });
        expect(final.low).toBe(final.high);
        for (let drawn = 0; drawn < planned; drawn++) {
          const { low, high } = perplexity(samples.slice(0, drawn), { planned });
          expect(final.low).toBeGreaterThanOrEqual(low);
          expect(final.low).toBeLessThanOrEqual(high);
        }
      }),
    );
  });

  it("is the same however the samples are ordered", () => {
    const shuffled = anySamples.chain((samples) =>
      fc.tuple(
        fc.constant(samples),
        fc.shuffledSubarray(samples, { minLength: samples.length, maxLength: samples.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([samples, other]) => {
        const planned = samples.length;
        expect(perplexity(other, { planned }).low).toBe(perplexity(samples, { planned }).low);
      }),
    );
  });

  it("replayed on recorded draws decides as the graph would", () => {
    fc.assert(
      fc.property(anySamples, fc.double({ min: 0, max: 1, noNaN: true }), (samples, threshold) => {
        const planned = samples.length;
        const said = perplexity(samples, { planned });
        const attempts = samples.map(({ value, logprobs: told, finish }) => ({
          readable: value !== undefined,
          meanLogprob: meanLogprob(told),
          finish,
        }));
        const run = runScored(perplexityScores(attempts), { threshold });
        expect(run).toEqual({
          decision: decide(said, { threshold, drawn: planned, planned }),
          leader: said.leader === undefined ? undefined : samples.findIndex(({ id }) => id === said.leader),
          drawn: planned,
          waves: 1,
          low: said.low,
        });
      }),
    );
  });
});
