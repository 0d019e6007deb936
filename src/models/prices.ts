import { z } from "zod";
import { parseOptions } from "../options-error.js";
import { listedRates, type Rate, type Rates } from "./price-table.js";
import { Price } from "../state/options.js";
import type { LedgerEntry } from "../state/ledger.js";
import type { ModelIdentity, Usage } from "./types.js";

/**
 * Where a price comes from: a model on one's own machine (0), the caller, the table that comes with the package, or
 * nowhere.
 */
export type PriceSource = LedgerEntry["price"];

/** What calls cost. Free of state that a caller could see; never goes to the network. */
export interface PriceBook {
  /** `usd` is null when the price or a token count is unknown; 0 for local models whatever is counted. */
  cost(model: ModelIdentity, usage: Usage): { usd: number | null; source: PriceSource };
  /**
   * What a call of at most so many tokens can cost at most: the dearest tier and hour of the day. For a model without
   * a price null.
   */
  worst(model: ModelIdentity, tokens: { input: number; output: number }): number | null;
  /** True when calls of this model can be priced. */
  has(model: ModelIdentity): boolean;
}

/** Providers that compute where the caller pays the electricity; `ChatOllama` is a given instance's class name. */
const LOCAL: ReadonlySet<string> = new Set(["llama", "ollama", "ChatOllama"]);

/**
 * A price book. A price of the caller's beats all; then `llama:` and `ollama:` models cost nothing; then the table of
 * the package `@pydantic/genai-prices` (bundled, as of its release) is asked; the rest is unknown, never guessed.
 *
 * @param own - prices by `provider:model` or `model`; the first beats the second.
 * @param options - `now`: the clock, in milliseconds since 1970, for prices that change by date or hour.
 * @throws CopeError `OPTIONS_INVALID` for a price that is not two finite numbers of at least 0.
 * @example createPriceBook({ "openai:my-finetune": { input: 3, output: 12 } })
 */
export function createPriceBook(
  own: Record<string, Price> = {},
  { now = Date.now }: { now?: () => number } = {},
): PriceBook {
  const remedy = "give { input, output } in US dollars per million tokens, both at least 0.";
  const given = new Map(Object.entries(parseOptions(z.record(z.string(), Price), own, "prices", { remedy })));

  function find(model: ModelIdentity): { source: PriceSource; now: Rates; worst: Rates } | undefined {
    const price = given.get(`${model.provider}:${model.model}`) ?? given.get(model.model);
    if (price) return same("given", { ...price, request: 0 });
    if (LOCAL.has(model.provider)) return same("local", { input: 0, output: 0, request: 0 });
    const listed = listedRates(model, now());
    return listed && { source: "table", ...listed };
  }

  return {
    cost(model, usage) {
      const price = find(model);
      if (!price) return { usd: null, source: "unknown" };
      return { usd: bill(price.now, usage.inputTokens, usage.outputTokens), source: price.source };
    },
    worst(model, tokens) {
      const price = find(model);
      return price ? bill(price.worst, tokens.input, tokens.output) : null;
    },
    has: (model) => find(model) !== undefined,
  };
}

const same = (source: PriceSource, rates: Rates) => ({ source, now: rates, worst: rates });

function bill(rates: Rates, input: number | null, output: number | null): number | null {
  const parts = [tokensAt(rates.input, input, input), tokensAt(rates.output, output, input)];
  return parts.reduce<number | null>((sum, part) => (sum === null || part === null ? null : sum + part), rates.request);
}

/** Tiers go by the length of the prompt, for output too; the whole count is billed at the tier reached. */
function tokensAt(rate: Rate, tokens: number | null, prompt: number | null): number | null {
  if (rate === 0) return 0; // also where nothing was counted
  if (tokens === null || !Number.isFinite(tokens) || tokens < 0) return null;
  if (typeof rate === "number") return (rate * tokens) / 1e6;
  if (prompt === null) return null;
  const reached = rate.tiers.findLast((tier) => prompt > tier.start);
  return ((reached?.price ?? rate.base) * tokens) / 1e6;
}
