import { calcPrice, type ConditionalPrice, type ModelPrice, type TieredPrices } from "@pydantic/genai-prices";
import type { ModelIdentity } from "./types.js";

/** US dollars per million tokens, flat or by the length of the prompt. */
export type Rate = number | Pick<TieredPrices, "base" | "tiers">;

/** What one model takes: for tokens in and out, by what became of them, and for each request whatever its length (US dollars). */
export interface Rates {
  input: Rate;
  cachedInput: Rate;
  cacheWrite: Rate;
  hourCacheWrite: Rate;
  output: Rate;
  reasoning: Rate;
  request: number;
}

/** Rates from those that are known: without one of its own, a part costs what the whole does. */
export function flatRates({ input, output, ...known }: Pick<Rates, "input" | "output"> & Partial<Rates>): Rates {
  const {
    cachedInput = input,
    cacheWrite = input,
    hourCacheWrite = cacheWrite,
    reasoning = output,
    request = 0,
  } = known;
  return { input, cachedInput, cacheWrite, hourCacheWrite, output, reasoning, request };
}

interface Listed {
  /** In force now. */
  now: Rates;
  /** Nothing that can come into force in the next days is dearer. */
  worst: Rates;
}

/** A look-up goes through thousands of matchers (some 60 us), and prices may change by the hour: kept for a minute. */
const seen = new Map<string, { minute: number; listed: Listed | undefined }>();

/** Below this many models the memory above is of no concern; past it, it is started anew. */
const SEEN_MODELS = 1_000;

/**
 * Prices of a model from the table bundled with `@pydantic/genai-prices`.
 *
 * @param at - milliseconds since 1970.
 * @returns undefined for a provider or model that the table does not have, or whose text tokens it has no price for.
 */
export function listedRates({ provider, model }: ModelIdentity, at: number): Listed | undefined {
  // A server of anybody's may call its model by a provider's name for one.
  if (provider.endsWith("-compatible")) return undefined;
  const key = `${provider}\n${model}`;
  const minute = Math.floor(at / 60_000);
  const known = seen.get(key);
  if (known?.minute === minute) return known.listed;
  const listed = lookUp(provider, model, at);
  if (seen.size >= SEEN_MODELS) seen.clear();
  seen.set(key, { minute, listed });
  return listed;
}

function lookUp(provider: string, model: string, at: number): Listed | undefined {
  const timestamp = new Date(at);
  for (const providerId of spellings(provider)) {
    const found = calcPrice({}, model, { providerId, timestamp });
    const now = found && rates(found.model_price);
    if (now) return { now, worst: dearest([now, ...possible(found.model.prices, timestamp)]) };
  }
  return undefined;
}

/** The table's name where it takes LangChain's for another provider's. */
const NAMED: Readonly<Record<string, string>> = { azure_openai: "azure" };

/** A given instance is known by its class name: `ChatGroq` is groq, `ChatTogetherAI` is together. */
function spellings(named: string): string[] {
  const provider = NAMED[named] ?? named;
  const bare = provider.replace(/^Chat/, "").toLowerCase();
  return [...new Set([provider, bare, bare.replace(/ai$/, "")])].filter((name) => name !== "");
}

function rates(price: ModelPrice): Rates | undefined {
  const { input_mtok: input, output_mtok: output, requests_kcount: thousand = 0 } = price;
  if (input === undefined || output === undefined) return undefined;
  return flatRates({
    input,
    output,
    cachedInput: price["cache_read_mtok"],
    cacheWrite: price["cache_write_mtok"],
    hourCacheWrite: price["cache_write_1h_mtok"],
    request: top(thousand) / 1_000,
  });
}

/** Of prices bound to dates and hours, those that a later one has not replaced for good. */
function possible(prices: ModelPrice | ConditionalPrice[], at: Date): Rates[] {
  if (!Array.isArray(prices)) return [];
  const started = ({ constraint }: ConditionalPrice) =>
    constraint?.type === "start_date" && at >= new Date(constraint.start_date);
  const from = Math.max(0, prices.findLastIndex(started));
  return prices.slice(from).flatMap((entry) => rates(entry.prices) ?? []);
}

const top = (rate: Rate) => (typeof rate === "number" ? rate : Math.max(rate.base, ...rate.tiers.map((t) => t.price)));

function dearest(all: Rates[]): Rates {
  const names = Object.keys(all[0]!) as (keyof Rates)[];
  const most = names.map((name) => [name, Math.max(...all.map((each) => top(each[name])))]);
  return Object.fromEntries(most) as unknown as Rates;
}
