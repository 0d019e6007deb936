import type { PriceBook } from "../../models/prices.js";
import { callsOf, dollarsOf, sumOf, weighted } from "../call-costs.js";
import type { DrawCall } from "../draw.js";
import type { Outcome } from "../methods/types.js";
import { meanOf } from "../numbers/mean.js";
import { ratioOfSums, type Ratio } from "../numbers/ratio.js";
import { parametersOf } from "./parameters.js";
import type { Costs } from "./types.js";

/** What costs are computed with. */
export interface CostOptions {
  prices: PriceBook;
  /** Billions by role, where they are given. */
  parameters: Readonly<Record<string, number>>;
  /** Of every bootstrap. */
  seed: number;
}

const isPlan = (purpose: DrawCall["purpose"]): boolean => purpose === "goal" || purpose === "guideline";

const both = ({ inputTokens, outputTokens }: DrawCall) => sumOf([inputTokens, outputTokens]);

/** Input + 4 × output tokens of the role `large`, of one purpose or of all; null where some were not counted. */
export function largeCost(outcome: Outcome, wanted: (purpose: DrawCall["purpose"]) => boolean = () => true) {
  const asked = callsOf(outcome).filter(({ role, purpose }) => role === "large" && wanted(purpose));
  return sumOf(asked.map(weighted));
}

/** Milliseconds of a problem: waves follow each other, and each takes as long as its slowest draw. */
export function millisecondsOf({ waves }: Outcome): number {
  const longest = (wave: Outcome["waves"][number]) =>
    Math.max(0, ...wave.map(({ calls }) => calls.reduce((sum, { ms }) => sum + ms, 0)));
  return waves.reduce((sum, wave) => sum + longest(wave), 0);
}

/**
 * What a method took.
 *
 * @param outcomes - of all problems; failed ones are left out
 * @param large - the same of the method `large`, where it is among the methods
 */
export function costsOf(
  outcomes: readonly Outcome[],
  large: readonly Outcome[] | undefined,
  { prices, parameters, seed }: CostOptions,
): Costs {
  const counted = outcomes.filter(isCounted);
  const mean = (of: (outcome: Outcome) => number | null) => meanOf(counted.map(of), { seed });
  const ofCalls = (of: (call: DrawCall) => number | null) => mean((outcome) => sumOf(callsOf(outcome).map(of)));
  const calls = counted.flatMap(callsOf);
  const roles = Object.entries(Object.groupBy(calls, ({ role }) => role));
  const part = (plans: boolean) => {
    const sum = sumOf(counted.map((outcome) => largeCost(outcome, (purpose) => isPlan(purpose) === plans)));
    return sum === null || counted.length === 0 ? null : sum / counted.length;
  };
  return {
    large: mean((outcome) => largeCost(outcome)),
    largePlans: part(true),
    largeAnswers: part(false),
    toLarge: large ? ratioTo(outcomes, large, seed) : null,
    smallTokens: ofCalls((call) => (call.role === "small" ? both(call) : 0)),
    weightedTokens: ofCalls((call) => {
      const [tokens, billions] = [both(call), parametersOf(call, parameters)];
      return tokens === null || billions === null ? null : tokens * billions;
    }),
    calls: Object.fromEntries(roles.map(([role, of]) => [role, of!.length / counted.length])),
    seconds: mean((outcome) => millisecondsOf(outcome) / 1000),
    usd: ofCalls((call) => dollarsOf(call, prices)),
  };
}

const isCounted = ({ status }: Outcome): boolean => status !== "failed";

function ratioTo(outcomes: readonly Outcome[], large: readonly Outcome[], seed: number): Ratio {
  const pairs = outcomes.flatMap((outcome, i) => {
    const other = large[i]!;
    return isCounted(outcome) && isCounted(other) ? [[largeCost(outcome), largeCost(other)] as const] : [];
  });
  return ratioOfSums(pairs, { seed });
}
