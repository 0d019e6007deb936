import { z } from "zod";
import { parseOptions } from "../options-error.js";
import { isLocal } from "./local.js";
import { flatRates, listedRates, type Rate, type Rates } from "./price-table.js";
import { identityOf, parseSpec } from "./spec.js";
import { Price } from "../state/options.js";
import type { LedgerEntry } from "../state/ledger.js";
import type { PricedModel, Usage } from "./types.js";

/**
 * Where a price comes from: a model on one's own machine (0), the caller, the table that comes with the package, or
 * nowhere.
 */
export type PriceSource = LedgerEntry["price"];

/** What calls cost. Free of state that a caller could see; never goes to the network. */
export interface PriceBook {
  /** `usd` is null when the price or a token count is unknown; 0 for local models whatever is counted. */
  cost(model: PricedModel, usage: Usage): { usd: number | null; source: PriceSource };
  /**
   * What a call of at most so many tokens can cost at most: the dearest tier and hour of the day, and nothing read from a
   * cache where that is cheaper. For a model without a price null.
   */
  worst(model: PricedModel, tokens: { input: number; output: number }): number | null;
  /** True when calls of this model can be priced. */
  has(model: PricedModel): boolean;
}

/**
 * A price book. A price of the caller's beats all; then models on this machine cost nothing; then the table of
 * the package `@pydantic/genai-prices` (bundled, as of its release) is asked; the rest is unknown, never guessed.
 *
 * @param own - prices by `provider:model`, by `provider:model@address` as a model string has it, or by `model`; what says more
 * beats what says less.
 * @param options - `now`: the clock, in milliseconds since 1970, for prices that change by date or hour.
 * @throws CopeError `OPTIONS_INVALID` for a price that is not made of finite numbers of at least 0; `MODEL_UNKNOWN` for a name
 * whose address is none.
 * @example createPriceBook({ "openai:my-finetune": { input: 3, output: 12, cachedInput: 0.3 } })
 */
export function createPriceBook(
  own: Record<string, Price> = {},
  { now = Date.now }: { now?: () => number } = {},
): PriceBook {
  const remedy = "give { input, output } in US dollars per million tokens, both at least 0.";
  const prices = parseOptions(z.record(z.string(), Price), own, "prices", { remedy });
  const given = new Map(Object.entries(prices).map(([name, price]) => [nameOf(name), price]));

  function find(model: PricedModel): { source: PriceSource; now: Rates; worst: Rates } | undefined {
    const name = `${model.provider}:${model.model}`;
    // A model at an address may be named as it is in its string, which begins with "openai:".
    const written = `${model.provider.replace(/-compatible$/, "")}:${model.model}`;
    const names = [`${name} ${model.engine}`, name, written, model.model];
    const price = names.map((each) => given.get(each)).find((each) => each !== undefined);
    if (price) return same("given", flatRates(price));
    if (isFree(model)) return same("local", flatRates({ input: 0, output: 0 }));
    const listed = listedRates(model, now());
    return listed && { source: "table", ...listed };
  }

  return {
    cost(model, usage) {
      const price = find(model);
      if (!price) return { usd: null, source: "unknown" };
      return { usd: bill(price.now, usage), source: price.source };
    },
    worst(model, { input, output }) {
      const price = find(model);
      return price ? bill(dearest(price.worst), { inputTokens: input, outputTokens: output }) : null;
    },
    has: (model) => find(model) !== undefined,
  };
}

/** A name with an address means that server alone. */
function nameOf(name: string): string {
  if (!/@https?:/i.test(name)) return name;
  const { provider, model, engine } = identityOf(parseSpec(name));
  return engine === undefined ? `${provider}:${model}` : `${provider}:${model} ${engine}`;
}

/** Recorded models do not say where they ran: then it is their name, and a server that was named is not this machine. */
const isFree = (model: PricedModel): boolean => model.local ?? (isLocal(model) && !model.engine?.startsWith("server "));

const same = (source: PriceSource, rates: Rates) => ({ source, now: rates, worst: rates });

/** The dearest that input and output can be, cached and thought or not. */
function dearest({ input, cachedInput, cacheWrite, hourCacheWrite, output, reasoning, request }: Rates): Rates {
  const most = (...rates: Rate[]) => Math.max(...rates.map(top));
  return {
    ...flatRates({ input: most(input, cachedInput, cacheWrite, hourCacheWrite), output: most(output, reasoning) }),
    request,
  };
}

const top = (rate: Rate) => (typeof rate === "number" ? rate : Math.max(rate.base, ...rate.tiers.map((t) => t.price)));

function bill(rates: Rates, usage: Usage): number | null {
  const { inputTokens: input, outputTokens: output, cachedInputTokens = 0, cacheWriteTokens = 0 } = usage;
  const { hourCacheWriteTokens: hour = 0, reasoningTokens: thought = 0 } = usage;
  // A part is never more than the whole.
  const read = Math.min(cachedInputTokens, input ?? 0);
  const written = Math.min(cacheWriteTokens, (input ?? 0) - read);
  const kept = Math.min(hour, written);
  const thoughts = Math.min(thought, output ?? 0);
  const parts: [Rate, number | null][] = [
    [rates.input, input === null ? null : input - read - written],
    [rates.cachedInput, read],
    [rates.cacheWrite, written - kept],
    [rates.hourCacheWrite, kept],
    [rates.output, output === null ? null : output - thoughts],
    [rates.reasoning, thoughts],
  ];
  const costs = parts.map(([rate, tokens]) => tokensAt(rate, tokens, input));
  return costs.reduce<number | null>((sum, part) => (sum === null || part === null ? null : sum + part), rates.request);
}

/** Tiers go by the length of the prompt, for output too; the whole count is billed at the tier reached. */
function tokensAt(rate: Rate, tokens: number | null, prompt: number | null): number | null {
  if (rate === 0 || tokens === 0) return 0; // also where nothing was counted
  if (tokens === null || !Number.isFinite(tokens) || tokens < 0) return null;
  if (typeof rate === "number") return (rate * tokens) / 1e6;
  if (prompt === null) return null;
  const reached = rate.tiers.findLast((tier) => prompt > tier.start);
  return ((reached?.price ?? rate.base) * tokens) / 1e6;
}
