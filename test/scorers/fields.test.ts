import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fields } from "../../src/scorers/fields.js";
import { vote } from "../../src/scorers/vote.js";
import type { Json } from "../../src/state/json.js";
import { sameJson as same, samplesOf, scorerContract } from "../../src/testing/index.js";

const timeout = new Error("no answer in 60 s");
const person = (name: Json, age: Json) => ({ name, age });

scorerContract(
  "fields",
  fields,
  () => samplesOf(person("Ann", 3), person("Anna", 3), undefined, person("Ann", 4), timeout, person("Ann", 3)),
  { runner: { describe, it } },
);
scorerContract(
  "fields on answers of different fields",
  fields,
  () => samplesOf({ a: 1 }, { b: 2 }, {}, { a: 1, b: 2 }),
  {
    runner: { describe, it },
  },
);
scorerContract("fields on labels", fields, () => samplesOf("yes", "no", undefined, "yes", [1]), {
  runner: { describe, it },
});

const all = (...values: Parameters<typeof samplesOf>) => {
  const samples = samplesOf(...values);
  return fields(samples, { planned: samples.length, same });
};

describe("fields", () => {
  it("is the share of samples that agree with the answer on its least sure field", async () => {
    const said = await all(person("Ann", 3), person("Ann", 4), person("Ann", 3), person("Bob", 3));
    expect(said).toEqual({
      low: 0.75,
      high: 0.75,
      winner: "1/solo/0",
      leader: "1/solo/0",
      why: "3 of 4 samples agree on the field name, the least sure of 2",
    });
  });

  it("is surer than the vote on whole answers where samples differ each in another field", async () => {
    const samples = samplesOf({ a: 9, b: 1, c: 1 }, { a: 1, b: 9, c: 1 }, { a: 1, b: 1, c: 9 }, { a: 1, b: 1, c: 1 });
    expect(await vote(samples, { planned: 4, same })).toMatchObject({ low: 0.25, winner: "1/solo/0" });
    expect(await fields(samples, { planned: 4, same })).toMatchObject({ low: 0.75, winner: "1/solo/3" });
  });

  it("answers with a sample as given, although no sample has all majorities", async () => {
    const said = await all({ a: 9, b: 1, c: 1 }, { a: 1, b: 9, c: 1 }, { a: 1, b: 1, c: 9 });
    // Its own first field stands alone, and the confidence says so.
    expect(said).toMatchObject({ winner: "1/solo/0", low: 1 / 3 });
  });

  it("takes a field that is left out for another value than null", async () => {
    expect(await all({ a: 1 }, { a: 1, b: null })).toMatchObject({ low: 0.5 });
    expect(await all({ a: 1, b: null }, { a: 1, b: null })).toMatchObject({ low: 1 });
  });

  it("counts unreadable and failed samples in every field", async () => {
    expect(await all({ a: 1 }, undefined, timeout, { a: 1 })).toMatchObject({ low: 0.5 });
  });

  it("refuses more samples than planned", async () => {
    await expect(fields(samplesOf("a", "b"), { planned: 1, same })).rejects.toMatchObject({ code: "OPTIONS_INVALID" });
  });

  it("never is less sure of an answer than the vote on whole answers", async () => {
    const value = fc.option(fc.record({ a: fc.nat(2), b: fc.nat(2), c: fc.nat(1) }), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 8 }), async (values) => {
        const samples = samplesOf(...values);
        const said = await fields(samples, { planned: samples.length, same });
        const twins = samples.filter(
          (one) => said.winner && same(one.value!, samples.find((s) => s.id === said.winner)!.value!),
        );
        expect(said.low).toBeGreaterThanOrEqual(twins.length / samples.length);
      }),
    );
  });

  it("holds the final confidence in every interval on the way", async () => {
    const value = fc.option(fc.dictionary(fc.constantFrom("a", "b"), fc.nat(1)), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 7 }), async (values) => {
        const samples = samplesOf(...values);
        const final = await fields(samples, { planned: samples.length, same });
        for (let drawn = 0; drawn < samples.length; drawn++) {
          const said = await fields(samples.slice(0, drawn), { planned: samples.length, same });
          expect(said.low).toBeLessThanOrEqual(final.low);
          expect(said.high).toBeGreaterThanOrEqual(final.high);
        }
      }),
    );
  });
});
