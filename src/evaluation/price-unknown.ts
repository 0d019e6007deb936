import { CopeError } from "../errors.js";
import type { PriceBook } from "../models/prices.js";
import type { PricedModel } from "../models/types.js";
import type { SpendingLimits } from "./spending.js";

/**
 * A limit in dollars can be kept only where every model has a price.
 *
 * @throws CopeError `PRICE_UNKNOWN`
 */
export function requirePrices(models: readonly PricedModel[], prices: PriceBook, limits: SpendingLimits = {}): void {
  const unknown = limits.usd === undefined ? undefined : models.find((model) => !prices.has(model));
  if (!unknown) return;
  const name = `${unknown.provider}:${unknown.model}`;
  const reason = `a limit in dollars needs prices, and that of ${name} is unknown.`;
  const remedy = `give its price (--price ${name}=in,out, or prices in code), or limit calls instead.`;
  throw new CopeError("PRICE_UNKNOWN", reason, remedy);
}
