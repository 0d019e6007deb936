import type { PriceBook } from "../../models/prices.js";
import { dollarsOf, sumOf, weighted } from "../call-costs.js";
import type { DrawCall } from "../draw.js";

/** A cost of calls; null as soon as one of them is unknown. */
export type CostOf = (calls: readonly DrawCall[]) => number | null;

/** Weighted tokens of the large model, the small one's being free. */
export const largeTokens: CostOf = (calls) => sumOf(calls.filter(({ role }) => role === "large").map(weighted));

/** Weighted tokens of all other models: what breaks ties. */
export const otherTokens: CostOf = (calls) => sumOf(calls.filter(({ role }) => role !== "large").map(weighted));

/** US dollars of all calls, as if none had been on a tape. */
export const dollarsBy =
  (prices: PriceBook): CostOf =>
  (calls) =>
    sumOf(calls.map((call) => dollarsOf(call, prices)));
