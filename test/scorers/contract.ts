import { describe, expect, it } from "vitest";
import { decide } from "../../src/scorers/decide.js";
import type { Confidence, Scorer } from "../../src/scorers/types.js";
import type { Sample } from "../../src/state/sample.js";
import { identical } from "./samples.js";

/** A case of the suite a scorer cannot keep, and why. */
export interface Skip {
  title: string;
  reason: string;
}

const THRESHOLDS = [0, 0.25, 0.5, 0.75, 1];

/**
 * What every scorer must keep, whatever it measures.
 *
 * @param makeSamples - fresh samples of one stage, in index order, at least two, most of them readable.
 */
export function scorerContract(name: string, scorer: Scorer, makeSamples: () => Sample[], skips: Skip[] = []): void {
  const score = (samples: Sample[], planned = samples.length): Promise<Confidence> =>
    Promise.resolve(scorer(samples, { planned, same: identical }));
  /** The samples as they come in, none first, with what the scorer says each time. */
  const history = async (): Promise<{ drawn: Sample[]; said: Confidence }[]> => {
    const samples = makeSamples();
    const prefixes = [...samples.keys(), samples.length].map((drawn) => samples.slice(0, drawn));
    return Promise.all(prefixes.map(async (drawn) => ({ drawn, said: await score(drawn, samples.length) })));
  };

  const cases: Record<string, () => Promise<void>> = {
    "confidence lies in 0..1, low never above high": async () => {
      for (const { said } of await history()) {
        expect(said.low).toBeGreaterThanOrEqual(0);
        expect(said.high).toBeGreaterThanOrEqual(said.low);
        expect(said.high).toBeLessThanOrEqual(1);
      }
    },
    "the interval only narrows as samples come": async () => {
      const said = (await history()).map((step) => step.said);
      for (const [index, later] of said.slice(1).entries()) {
        expect(later.low).toBeGreaterThanOrEqual(said[index]!.low);
        expect(later.high).toBeLessThanOrEqual(said[index]!.high);
      }
    },
    "low equals high once all samples are drawn": async () => {
      const { low, high } = await score(makeSamples());
      expect(low).toBe(high);
    },
    "leader and winner are among the samples drawn": async () => {
      for (const { drawn, said } of await history())
        for (const id of [said.leader, said.winner]) if (id !== undefined) expect(ids(drawn)).toContain(id);
    },
    "a winner is the leader, and stays it": async () => {
      let settled: string | undefined;
      for (const { said } of await history()) {
        if (settled !== undefined) expect(said.winner).toBe(settled);
        if (said.winner !== undefined) expect(said.leader).toBe(said.winner);
        settled = said.winner;
      }
      expect(settled).toBeDefined();
    },
    "one sample alone wins": async () => {
      const only = makeSamples().find((sample) => sample.value !== undefined)!;
      const said = await score([{ ...only, index: 0 }]);
      expect(said).toMatchObject({ winner: only.id, leader: only.id });
      expect(said.low).toBe(said.high);
    },
    "unreadable samples alone have no leader and are never accepted": async () =>
      expectNoAnswer(await score(makeSamples().map(unreadable))),
    "failed samples alone have no leader and are never accepted": async () =>
      expectNoAnswer(await score(makeSamples().map(failed))),
    "samples are not changed": async () => {
      const samples = makeSamples();
      await score(deepFreeze(samples));
      expect(samples).toEqual(makeSamples());
    },
    "the same samples get the same result": async () => {
      expect(await score(makeSamples())).toEqual(await score(makeSamples()));
    },
    "the evidence is one line": async () => {
      for (const { said } of await history()) expect(said.why).toMatch(/^\S.*$/);
    },
    "nothing is missing exactly where the decision is made": async () => {
      const planned = makeSamples().length;
      for (const { drawn, said } of await history())
        for (const threshold of THRESHOLDS) {
          const missing = await scorer.missing?.(drawn, { planned, same: identical, threshold });
          if (missing === undefined) return;
          const decision = decide(said, { threshold, drawn: drawn.length, planned });
          expect(missing.toAccept === 0).toBe(decision === "accept");
          expect(missing.toEscalate === 0).toBe(decision === "escalate");
        }
    },
  };

  const reasons = new Map(skips.map((skip) => [skip.title, skip.reason]));
  describe(`${name} keeps the scorer contract`, () => {
    it.for(Object.entries(cases))("%s", async ([title, run], { skip }) => {
      skip(reasons.has(title), reasons.get(title));
      await expect(run()).resolves.toBeUndefined();
    });
    it("skips only cases that exist", () => {
      expect(Object.keys(cases)).toEqual(expect.arrayContaining([...reasons.keys()]));
    });
  });
}

const ids = (samples: Sample[]): string[] => samples.map((sample) => sample.id);

function unreadable({ value: _value, ...sample }: Sample): Sample {
  return sample;
}

const failed = ({ id, stage, index }: Sample): Sample => {
  return { id, stage, index, text: "", failed: { code: "TIMEOUT", message: "no answer in 60 s" } };
};

/** Not even the lowest threshold accepts. */
function expectNoAnswer(said: Confidence): void {
  expect(said.winner).toBeUndefined();
  expect(said.leader).toBeUndefined();
  expect(decide(said, { threshold: 0, drawn: 1, planned: 1 })).toBe("escalate");
}

/** Frozen to the leaves: writing anywhere throws. */
function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}
