import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { agreement, agreementScores, similarity } from "../../src/scorers/agreement.js";
import { decide } from "../../src/scorers/decide.js";
import { runScored } from "../../src/scorers/run-scored.js";
import { scorerContract } from "../../src/testing/index.js";
import { texts } from "./open-text.js";

const timeout = new Error("no answer in 60 s");
const number = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: -1, max: 1, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(0, NaN, Infinity, 1e200, 1e-200) },
);
const vector = fc.array(number, { minLength: 2, maxLength: 3 });
const anySamples = fc
  .array(fc.oneof({ weight: 5, arbitrary: vector.map((of) => ({ vector: of })) }, fc.constantFrom({}, null, timeout)), {
    minLength: 1,
    maxLength: 7,
  })
  .map((of) => texts(...of));

scorerContract(
  "agreement",
  agreement,
  () => texts({ vector: [1, 0] }, { vector: [1, 1] }, null, { vector: [0, 1] }, {}, timeout, { vector: [1, 0.5] }),
  { runner: { describe, it } },
);

describe("semantic agreement", () => {
  it("is the mean similarity of the most typical sample to the others, which wins", () => {
    const said = agreement(texts({ vector: [1, 0] }, { vector: [1, 1] }, { vector: [0, 2] }), { planned: 3 });
    expect(said).toMatchObject({ winner: "1/solo/1", leader: "1/solo/1", high: said.low });
    expect(said.low).toBeCloseTo(Math.SQRT1_2, 12);
    expect(said.why).toBe(
      "semantic agreement by embeddings: the most typical of 3 samples has a mean similarity of 0.71 to the others",
    );
  });

  it("is lowered by samples that failed, are empty or have no vector", () => {
    const same = { vector: [3, 4] };
    for (const lost of [timeout, null, {}])
      expect(agreement(texts(same, same, lost), { planned: 3 })).toMatchObject({ winner: "1/solo/0", low: 0.5 });
  });

  it("is 0 for a text alone, which leads all the same", () => {
    const same = { vector: [3, 4] };
    expect(agreement(texts(same), { planned: 1 })).toMatchObject({ winner: "1/solo/0", low: 0, high: 0 });
    expect(agreement(texts(null, same, timeout), { planned: 3 })).toMatchObject({ winner: "1/solo/1", low: 0 });
  });

  it("is settled by no sample alone while others are to come", () => {
    const same = { vector: [3, 4] };
    const said = agreement(texts(same, same), { planned: 4 });
    expect(said).toMatchObject({ low: 1 / 3, high: 1, leader: "1/solo/0" });
    expect(said.winner).toBeUndefined();
    expect(agreement(texts(same, null, timeout), { planned: 4 })).toMatchObject({ low: 0, high: 1 / 3 });
  });

  it("finds nothing alike in vectors of different lengths, without direction, or that are no vectors", () => {
    for (const [a, b] of [
      [[1, 0], [1]],
      [
        [0, 0],
        [1, 0],
      ],
      [
        [NaN, 1],
        [1, 1],
      ],
      [
        [1, 0],
        [-1, 0],
      ],
      [[], []],
    ] as const)
      expect(similarity(a, b)).toBe(0);
    expect(similarity(undefined, [1])).toBe(0);
  });

  it("keeps its interval's promise however the draws go on", () => {
    fc.assert(
      fc.property(anySamples, (samples) => {
        const planned = samples.length;
        const final = agreement(samples, { planned });
        expect(final.low).toBe(final.high);
        expect(final.high).toBeLessThanOrEqual(1);
        for (let drawn = 0; drawn < planned; drawn++) {
          const { low, high } = agreement(samples.slice(0, drawn), { planned });
          expect(low).toBeGreaterThanOrEqual(0);
          expect(final.low).toBeGreaterThanOrEqual(low);
          expect(final.low).toBeLessThanOrEqual(high);
        }
      }),
    );
  });

  it("replayed on recorded vectors decides as the graph would", () => {
    fc.assert(
      fc.property(anySamples, fc.double({ min: 0, max: 1, noNaN: true }), (samples, threshold) => {
        const planned = samples.length;
        const said = agreement(samples, { planned });
        const vectors = samples.map(({ value, vector: of }) => (value === undefined ? null : of));
        const run = runScored(agreementScores(vectors, planned), { threshold });
        expect(run.decision).toBe(decide(said, { threshold, drawn: planned, planned }));
        expect(run.low).toBe(said.low);
        expect(run.leader === undefined ? undefined : samples[run.leader]!.id).toBe(said.leader);
      }),
    );
  });
});
