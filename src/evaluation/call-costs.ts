import type { PriceBook } from "../models/prices.js";
import type { DrawCall } from "./draw.js";
import type { Outcome } from "./methods/types.js";

/** A sum that is unknown as soon as one of its parts is. */
export const sumOf = (values: readonly (number | null)[]): number | null =>
  values.reduce<number | null>((sum, value) => (sum === null || value === null ? null : sum + value), 0);

/** All calls that an outcome paid for. */
export const callsOf = ({ waves }: Outcome): DrawCall[] => waves.flatMap((wave) => wave.flatMap(({ calls }) => calls));

/** Input + 4 × output tokens of a call: what output costs beside input at most providers. */
export const weighted = ({ inputTokens, outputTokens }: DrawCall): number | null =>
  inputTokens === null || outputTokens === null ? null : inputTokens + 4 * outputTokens;

/** US dollars of one call at the book's prices. */
export function dollarsOf({ model, local, ...usage }: DrawCall, prices: PriceBook): number | null {
  const colon = model.indexOf(":");
  const identity = { provider: model.slice(0, colon), model: model.slice(colon + 1) };
  return prices.cost(local === undefined ? identity : { ...identity, local }, usage).usd;
}
