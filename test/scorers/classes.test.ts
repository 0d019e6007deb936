import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { labelSamples } from "../../src/scorers/classes.js";
import { decide } from "../../src/scorers/decide.js";
import type { Same } from "../../src/scorers/types.js";
import { vote } from "../../src/scorers/vote.js";
import { nextWave, WavePolicy } from "../../src/scorers/waves.js";
import { allDraws, thresholdsFor } from "./brute-force.js";
import { sameJson as identical, samplesOf } from "../../src/testing/index.js";

/** Not transitive: 1 is near 2, and 2 near 3, but 1 is not near 3. */
const near: Same = (a, b) => Math.abs(Number(a) - Number(b)) <= 1;
const labelled = (values: Parameters<typeof samplesOf>, same: Same) => labelSamples(samplesOf(...values), same);

describe("answer classes", () => {
  it("form in order of first appearance, without failed and unreadable samples", async () => {
    const values = ["b", undefined, "a", "b", new Error("lost"), "a", "c"];
    expect(await labelled(values, identical)).toEqual([0, -1, 1, 0, -1, 1, 2]);
  });

  it("compare with a class's first member only", async () => {
    expect(await labelled([1, 2, 3], near)).toEqual([0, 0, 1]);
  });

  it("take the first class that matches", async () => {
    expect(await labelled([1, 3, 2], near)).toEqual([0, 1, 0]);
    expect(await labelled([3, 1, 2], near)).toEqual([0, 1, 0]);
  });

  it("treat null, false, zero and the empty string as answers", async () => {
    expect(await labelled([null, false, 0, "", null], identical)).toEqual([0, 1, 2, 3, 0]);
  });

  it("keep equal texts apart where the comparison does, and join them where it does", async () => {
    expect(await labelled(["a", "a", "a"], () => false)).toEqual([0, 1, 2]);
    expect(await labelled(["a", "a", "b"], async () => true)).toEqual([0, 0, 0]);
  });

  it("ask about the same two texts once, the class's first member on the left", async () => {
    const asked: string[] = [];
    const same: Same = (a, b) => asked.push(`${a}=${b}`) > 0 && a === b;
    await labelSamples(samplesOf("a", "b", "a", "b", "b", "a"), same);
    expect(asked).toEqual(["a=b", "a=a", "b=b"]);
  });

  it("are empty when nothing was readable", async () => {
    expect(await labelled([undefined, new Error("lost")], identical)).toEqual([-1, -1]);
  });
});

/** An equality over values 0 … size-1 drawn pair by pair: symmetric, reflexive, as a rule not transitive. */
const equalities = fc.integer({ min: 3, max: 6 }).chain((size) =>
  fc.record({
    values: fc.array(fc.option(fc.nat({ max: size - 1 }), { nil: undefined }), { minLength: 2, maxLength: 10 }),
    pairs: fc.uniqueArray(fc.tuple(fc.nat({ max: size - 1 }), fc.nat({ max: size - 1 })), {
      maxLength: size * 2,
      selector: ([a, b]) => Math.min(a, b) * size + Math.max(a, b),
    }),
    text: fc.boolean(),
  }),
);
const relation = (pairs: readonly (readonly [number, number])[]) => (a: number, b: number) =>
  a === b || pairs.some(([x, y]) => (x === a && y === b) || (x === b && y === a));

/** The class of each value, written out by the rule's wording. */
function labelsOf(values: readonly (number | undefined)[], equal: (a: number, b: number) => boolean): number[] {
  const firsts: number[] = [];
  return values.map((value) => {
    if (value === undefined) return -1;
    const found = firsts.findIndex((first) => equal(first, value));
    return found >= 0 ? found : firsts.push(value) - 1;
  });
}

describe("a vote by an equality that is not transitive", () => {
  it("decides and answers as all draws would, by every wave policy", async () => {
    let [intransitive, runs] = [0, 0];
    await fc.assert(
      fc.asyncProperty(equalities, async ({ values, pairs, text }) => {
        const equal = relation(pairs);
        // Half of them asynchronous, and on strings, so that both ways through the comparison are taken.
        const same: Same = (a, b) =>
          text ? Promise.resolve(equal(Number(a), Number(b))) : equal(a as number, b as number);
        const samples = samplesOf(...values.map((value) => (text && value !== undefined ? String(value) : value)));
        const planned = samples.length;
        const labels = labelsOf(values, equal);
        runs++;
        if (isIntransitive(equal)) intransitive++;
        for (const threshold of thresholdsFor(planned)) {
          for (const policy of WavePolicy.options) {
            let [drawn, waves, decision, answer] = [0, 0, "sample", "" as number | string];
            while (decision === "sample") {
              const missing = await vote.missing(samples.slice(0, drawn), { planned, same, threshold });
              drawn += nextWave({ policy, waves, drawn, planned, missing });
              waves++;
              const said = await vote(samples.slice(0, drawn), { planned, same });
              decision = decide(said, { threshold, drawn, planned });
              answer = decision === "accept" ? samples.findIndex((sample) => sample.id === said.winner) : decision;
            }
            expect(answer).toBe(allDraws(labels, threshold));
            expect(waves).toBeLessThanOrEqual(3);
            expect(drawn).toBeLessThanOrEqual(planned);
          }
        }
      }),
      { seed: 1, numRuns: 200 },
    );
    // The property means nothing if chance gave transitive equalities.
    expect(intransitive).toBeGreaterThan(runs / 2);
  });
});

function isIntransitive(equal: (a: number, b: number) => boolean): boolean {
  const all = [0, 1, 2, 3, 4, 5];
  return all.some((a) => all.some((b) => all.some((c) => equal(a, b) && equal(b, c) && !equal(a, c))));
}
