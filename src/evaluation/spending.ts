import { CopeError } from "../errors.js";
import type { PriceBook } from "../calls/prices.js";
import type { Tape } from "../storage/tape.js";
import { type ModelRequest, pricedModel, type PricedModel } from "../calls/types.js";
import { mostTokens, worstOf } from "../nodes/limits.js";
import type { LedgerEntry } from "../state/ledger.js";
import type { AnyFamily } from "../families/types.js";
import type { Worst } from "../cascade/wave.js";
import type { OpenModels } from "./models.js";
import type { Method, Outcome } from "./methods/types.js";
import type { Problem } from "./data/problem.js";
import type { Series } from "./recordings/series.js";
import { wordingOf } from "./recordings/wordings.js";
import type { DrawCall } from "./recordings/draw.js";

/** What may be spent by this process; absent limits do not bind. */
export interface SpendingLimits {
  /** Attempts at model calls. */
  calls?: number;
  usd?: number;
}

/** What a process spends on calls that its tape does not answer. */
export interface Spending {
  /** The tape, through which a call is let only where its worst case fits into what is left. */
  tape: Tape;
  /** To be told of every outcome's rows: attempts that failed cost a call, too. */
  add(entries: readonly LedgerEntry[]): void;
  /** Attempts sent so far. */
  calls(): number;
  /** US dollars so far; null where a price or a count is unknown. */
  usd(): number | null;
}

/**
 * Watches what is spent behind a tape.
 *
 * @param attempts - how often a call may be tried: each may be billed.
 */
export function createSpending(
  tape: Tape,
  { limits, prices, attempts }: { limits: SpendingLimits; prices: PriceBook; attempts: number },
): Spending {
  let calls = 0;
  let usd: number | null = 0;
  /** Worst case of what is under way. */
  const held = { calls: 0, usd: 0 };

  const hold = ({ model, messages, sampling, tools }: ModelRequest) => {
    const once = prices.worst(model, { input: mostTokens(messages, tools), output: sampling.maxTokens });
    const worst = { calls: attempts, usd: (once ?? 0) * attempts };
    const over =
      (limits.calls !== undefined && calls + held.calls + worst.calls > limits.calls) ||
      (limits.usd !== undefined && (usd ?? 0) + held.usd + worst.usd > limits.usd);
    if (over) throw spent(limits);
    held.calls += worst.calls;
    held.usd += worst.usd;
    return worst;
  };

  return {
    tape: {
      close: () => tape.close(),
      once: (request, ask) =>
        tape.once(request, async () => {
          const worst = hold(request);
          try {
            const reply = await ask();
            const cost = prices.cost(request.model, reply.usage).usd;
            calls += 1;
            // An answer without a count stands at its worst where there is a limit to keep.
            const known = cost ?? (limits.usd === undefined ? null : worst.usd / attempts);
            usd = usd === null || known === null ? null : usd + known;
            return reply;
          } finally {
            held.calls -= worst.calls;
            held.usd -= worst.usd;
          }
        }),
    },
    add(entries) {
      calls += entries.filter(({ status }) => status === "failed").length;
    },
    calls: () => calls,
    usd: () => usd,
  };
}

function spent({ calls, usd }: SpendingLimits): CopeError {
  const limits = [calls !== undefined && `${calls} calls`, usd !== undefined && `$${usd}`]
    .filter(Boolean)
    .join(" and ");
  const reason = `the next call may not fit into the limit of ${limits}.`;
  return new CopeError("BUDGET_TOO_SMALL", reason, "raise the limit and run it again: what was drawn is kept.");
}

/** What an evaluation costs at the most: every stage needed, every sample drawn, each call made once. */
export type WorstBill = Worst;

/**
 * Upper bound of an evaluation's bill, if its tape answered nothing. What methods certainly share counts once; what depends
 * on other draws (a carried goal, a guideline) counts for every method anew.
 */
export function worstOfMethods(
  {
    problems,
    methods,
    allDraws = false,
  }: { problems: readonly Problem[]; methods: readonly Method[]; allDraws?: boolean },
  {
    family,
    handles,
    prices,
    rooms,
  }: Pick<OpenModels, "handles" | "prices"> & { family: AnyFamily; rooms: Readonly<Record<string, number>> },
): WorstBill {
  const total: Worst = { usd: 0, calls: 0, tokens: 0 };
  const stages = methods.flatMap((method) => method.series.map(({ stage }) => stage));
  // The longest answer that a judge may be shown, generously.
  const answer = { index: 0, text: "x".repeat(8 * family.prompts.limits.execute.maxTokens) };
  for (const [series, times] of timesOf(methods, allDraws)) {
    const { stage, style, wording, part } = series;
    for (const { task } of problems) {
      const execute = () => wordingOf(family, wording).messages(task, { answer });
      const prompts = wording === undefined ? family.prompts : { ...family.prompts, execute };
      const identity = (role: string) => pricedModel(handles[role]!);
      const room = (role: string) => rooms[role];
      const { each, once } = worstOf({ prompts, prices, identity, room }, stage, { stages, style }, task);
      add(total, part === "plan" ? once : each, part === "plan" ? times : times * stage.execute.samples);
    }
  }
  return total;
}

/** Each series with how often its draws may be made. */
function timesOf(methods: readonly Method[], allDraws: boolean): [Series, number][] {
  const shared = new Map<string, Series>();
  const own: [Series, number][] = [];
  for (const { series } of methods) {
    const goals = Math.max(1, ...series.map(({ stage }) => (stage.plan?.kind === "goal" ? stage.execute.samples : 1)));
    for (const one of series) {
      const depends = one.part === "plan" ? one.style === "critique" : one.stage.sees.length > 0;
      if (!depends || (one.part === "sample" && one.stage.plan?.kind === "goal")) {
        const known = shared.get(one.id);
        if (!known || known.stage.execute.samples < one.stage.execute.samples) shared.set(one.id, one);
      } else own.push([one, allDraws ? goals : 1]);
    }
  }
  return [...[...shared.values()].map((one): [Series, number] => [one, 1]), ...own];
}

function add(total: Worst, { usd, calls, tokens }: Worst, times: number): void {
  total.usd = total.usd === null || usd === null ? null : total.usd + usd * times;
  total.calls += calls * times;
  total.tokens += tokens * times;
}

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
