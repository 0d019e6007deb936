import { deepEqual, equal as is, match, ok } from "node:assert/strict";
import { decide } from "../scorers/decide.js";
import type { Confidence, Same, Scorer } from "../scorers/types.js";
import type { Sample } from "../state/sample.js";
import { sameJson } from "./samples.js";
import { runContract, type ContractOptions } from "./suite.js";

const THRESHOLDS = [0, 0.25, 0.5, 0.75, 1];
/** Unknown pairs whose truths are all tried: two to the power of it. */
const MOST_PAIRS = 6;

/**
 * What every scorer must keep, whatever it measures.
 *
 * @param makeSamples - fresh samples of one stage, in index order, at least two, most of them readable; see `samplesOf`
 */
export function scorerContract(
  name: string,
  scorer: Scorer,
  makeSamples: () => Sample[],
  options: ContractOptions = {},
): void {
  const score = async (samples: Sample[], planned = samples.length): Promise<Confidence> =>
    scorer(samples, { planned, same: sameJson });
  /** The samples as they come in, none first, with what the scorer says each time. */
  const history = async (): Promise<{ drawn: Sample[]; said: Confidence }[]> => {
    const samples = makeSamples();
    const prefixes = [...samples.keys(), samples.length].map((drawn) => samples.slice(0, drawn));
    return Promise.all(prefixes.map(async (drawn) => ({ drawn, said: await score(drawn, samples.length) })));
  };

  const cases: Record<string, () => Promise<void>> = {
    "confidence lies in 0..1, low never above high": async () => {
      for (const { said } of await history()) {
        ok(said.low >= 0 && said.low <= said.high && said.high <= 1, `it said ${said.low} … ${said.high}`);
      }
    },
    "the interval only narrows as samples come": async () => {
      const said = (await history()).map((step) => step.said);
      for (const [index, later] of said.slice(1).entries()) {
        const before = said[index]!;
        const told = `${before.low} … ${before.high} became ${later.low} … ${later.high}`;
        ok(later.low >= before.low && later.high <= before.high, told);
      }
    },
    "low equals high once all samples are drawn": async () => {
      const { low, high } = await score(makeSamples());
      is(low, high);
    },
    "leader and winner are among the samples drawn": async () => {
      for (const { drawn, said } of await history()) {
        for (const id of [said.leader, said.winner]) ok(id === undefined || drawn.some((one) => one.id === id), id);
      }
    },
    "a winner is the leader, and stays it": async () => {
      let settled: string | undefined;
      for (const { said } of await history()) {
        if (settled !== undefined) is(said.winner, settled);
        if (said.winner !== undefined) is(said.leader, said.winner);
        settled = said.winner;
      }
      ok(settled !== undefined, "all samples are drawn and there is no winner");
    },
    "one sample alone wins": async () => {
      const only = makeSamples().find((sample) => sample.value !== undefined)!;
      const { winner, leader, low, high } = await score([{ ...only, index: 0 }]);
      deepEqual({ winner, leader, low }, { winner: only.id, leader: only.id, low: high });
    },
    "unreadable samples alone have no leader and are never accepted": async () =>
      expectNoAnswer(await score(makeSamples().map(unreadable))),
    "failed samples alone have no leader and are never accepted": async () =>
      expectNoAnswer(await score(makeSamples().map(failed))),
    "samples are not changed": async () => {
      const samples = makeSamples();
      await score(deepFreeze(samples));
      deepEqual(samples, makeSamples());
    },
    "the same samples get the same result": async () => {
      deepEqual(await score(makeSamples()), await score(makeSamples()));
    },
    "what nobody could compare counts as a draw still to come, whatever is true of it": async () => {
      const samples = makeSamples();
      const planned = samples.length;
      const values = [...new Map(samples.flatMap(({ value }) => (value === undefined ? [] : [[keyOf(value), value]])))];
      const pairs = values.flatMap(([a], i) => values.slice(i + 1).map(([b]) => [a, b].toSorted().join("\n")));
      // Each pair alone, and all at once where their truths can be counted up.
      const sets = [...pairs.map((pair) => [pair]), ...(pairs.length > 1 && pairs.length <= MOST_PAIRS ? [pairs] : [])];
      for (const unknown of sets)
        for (let drawn = 1; drawn <= planned; drawn += 1) {
          const some = samples.slice(0, drawn);
          const said = await scorer(some, { planned, same: given(unknown, () => undefined) });
          for (let truth = 0; truth < 2 ** unknown.length; truth += 1) {
            const same = given(unknown, (pair) => ((truth >> unknown.indexOf(pair)) & 1) === 1);
            const truly = await scorer(some, { planned, same });
            const told = `after ${drawn} it said ${said.low} … ${said.high}, and in truth it is ${truly.low} … ${truly.high}`;
            ok(said.low <= truly.low && said.high >= truly.high, told);
            if (said.winner !== undefined) is(truly.winner, said.winner, `the winner after ${drawn}`);
          }
        }
    },
    "the evidence is one line": async () => {
      for (const { said } of await history()) match(said.why, /^\S.*$/);
    },
    "nothing is missing exactly where the decision is made": async () => {
      const planned = makeSamples().length;
      for (const { drawn, said } of await history())
        for (const threshold of THRESHOLDS) {
          const missing = await scorer.missing?.(drawn, { planned, same: sameJson, threshold });
          if (missing === undefined) return;
          const decision = decide(said, { threshold, drawn: drawn.length, planned });
          is(missing.toAccept === 0, decision === "accept", `toAccept after ${drawn.length} at ${threshold}`);
          is(missing.toEscalate === 0, decision === "escalate", `toEscalate after ${drawn.length} at ${threshold}`);
        }
    },
  };
  runContract(`${name} keeps the scorer contract:`, cases, options);
}

const keyOf = (value: unknown): string => JSON.stringify(value);

/** Equality as JSON writes values, but for some pairs. */
const given =
  (pairs: readonly string[], verdict: (pair: string) => boolean | undefined): Same =>
  (a, b) => {
    const pair = [keyOf(a), keyOf(b)].toSorted().join("\n");
    return pairs.includes(pair) ? verdict(pair) : keyOf(a) === keyOf(b);
  };

function unreadable({ value: _value, ...sample }: Sample): Sample {
  return sample;
}

const failed = ({ id, stage, index }: Sample): Sample => {
  return { id, stage, index, text: "", failed: { code: "TIMEOUT", message: "no answer in 60 s" } };
};

/** Not even the lowest threshold accepts. */
function expectNoAnswer(said: Confidence): void {
  is(said.winner, undefined);
  is(said.leader, undefined);
  is(decide(said, { threshold: 0, drawn: 1, planned: 1 }), "escalate");
}

/** Frozen to the leaves: writing anywhere throws. */
function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}
