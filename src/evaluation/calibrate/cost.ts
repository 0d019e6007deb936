import type { PriceBook } from "../../models/prices.js";
import { parseSpec } from "../../models/spec.js";
import type { DrawCall } from "../draw.js";
import type { Outcome } from "../methods/types.js";

/** A cost of calls; null as soon as one of them is unknown. */
export type CostOf = (calls: readonly DrawCall[]) => number | null;

const sum = (parts: readonly (number | null)[]): number | null =>
  parts.reduce<number | null>((total, part) => (total === null || part === null ? null : total + part), 0);

/** Input + 4 × output tokens: what output costs beside input at most providers. */
const weighted = ({ inputTokens, outputTokens }: DrawCall) =>
  inputTokens === null || outputTokens === null ? null : inputTokens + 4 * outputTokens;

/** Tokens of the large model, the small one's being free. */
export const largeTokens: CostOf = (calls) => sum(calls.filter(({ role }) => role === "large").map(weighted));

/** Weighted tokens of all other models: what breaks ties. */
export const otherTokens: CostOf = (calls) => sum(calls.filter(({ role }) => role !== "large").map(weighted));

/** US dollars of all calls, as if none had been on a tape. */
export function dollarsBy(prices: PriceBook): CostOf {
  return (calls) =>
    sum(
      calls.map(({ model, inputTokens, outputTokens }) => {
        const { provider, model: name } = parseSpec(model);
        return prices.cost({ provider, model: name }, { inputTokens, outputTokens }).usd;
      }),
    );
}

/** All calls that an outcome paid for. */
export const callsOf = ({ waves }: Outcome): DrawCall[] => waves.flat().flatMap((draw) => draw.calls);
