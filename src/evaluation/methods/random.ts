import { createHash } from "node:crypto";
import type { View } from "../view.js";
import { COPE_LISTS } from "./cope.js";
import { acceptOrLarge, LARGE } from "./to-large.js";
import { createMajority, type SeveralOptions } from "./plain.js";
import type { Method, Outcome, Step } from "./types.js";

/** What chance is matched to. */
export interface RandomOptions {
  /** Share of problems that the control hands to the large model, 0 … 1. */
  rate: number;
  /** Samples of the small model's vote. @default 8 */
  samples?: number | undefined;
  /** What they are judged by. @default the vote */
  scoring?: SeveralOptions["scoring"];
  /** Seed of the draw by which problems are handed over. @default 0 */
  seed?: number;
  /** Ids of the problems; where they are known, exactly that share of them is handed over. @default each by its own chance */
  problems?: readonly string[];
}

/**
 * The control that every cascade must beat: the small model's vote, handed to the large model as often as a cascade did,
 * by chance instead of by confidence. Which problems those are is a function of seed and problem id.
 */
export function createRandom({ rate, samples, scoring, seed = 0, problems }: RandomOptions): Method {
  const majority = createMajority({ samples, scoring });
  const bound = problems ? boundFor(rate, problems, seed) : rate;
  const decide = (view: View): Step => {
    const step = majority.decide(view);
    if ("wanted" in step) return step;
    const { outcome } = step;
    const accept = chance(seed, view.problem) >= bound;
    const draws = outcome.waves.flat();
    const leader = draws.find(({ value }) => value !== null && value === outcome.value);
    return acceptOrLarge(view, { name: "random", leader, confidence: null, accept, waves: outcome.waves });
  };
  const about = `the small model's vote; ${Math.round(100 * rate)} % of the problems, by chance, to the large model`;
  return { name: "random", about, series: [...majority.series, LARGE], decide };
}

/** The control where no rate is given: that of the first of `cascades` among the methods, else a half. */
export function createControl({
  cascades = COPE_LISTS,
  ...options
}: Omit<RandomOptions, "rate"> & { cascades?: readonly string[] } = {}): Method {
  const majority = createMajority(options);
  return {
    ...createRandom({ ...options, rate: 0.5 }),
    decide: majority.decide,
    complete({ views, outcomes }) {
      const cascade = [...outcomes].find(([name]) => cascades.includes(name));
      const problems = views.map(({ problem }) => problem);
      return createRandom({ ...options, problems, rate: cascade ? escalationRate(cascade[1]) : 0.5 });
    },
  };
}

/** The share of problems for which a method paid for an answer of the large model: the rate of its control. */
export function escalationRate(outcomes: readonly Outcome[]): number {
  if (outcomes.length === 0) return 0;
  const asked = outcomes.filter(({ waves }) =>
    waves.flat().some(({ calls }) => calls.some(({ role, purpose }) => role === "large" && purpose === "execute")),
  );
  return asked.length / outcomes.length;
}

/** Under which chance so many problems fall as the rate asks for, to the nearest one. */
function boundFor(rate: number, problems: readonly string[], seed: number): number {
  const chances = problems.map((problem) => chance(seed, problem)).toSorted((a, b) => a - b);
  return chances[Math.round(rate * problems.length)] ?? 1;
}

/** A number in [0, 1) by seed and problem. */
function chance(seed: number, problem: string): number {
  return createHash("sha256").update(`random/${seed}/${problem}`).digest().readUInt32BE(0) / 2 ** 32;
}
