import { sum } from "../models/ledger.js";
import type { PriceBook } from "../models/prices.js";
import { pricedModel, type PricedModel } from "../models/types.js";
import type { AnyFamily, GuidelineStyle } from "../families/types.js";
import type { Json } from "../state/json.js";
import { SHOWN_FAILURES } from "../state/checks.js";
import type { LedgerEntry } from "../state/ledger.js";
import type { Message } from "../state/message.js";
import type { ToolSpec } from "../state/tool.js";
import type { PlanKind } from "../state/plan.js";
import type { Budget, Settings } from "../state/options.js";
import type { Stage } from "../state/stage.js";
import type { Kit } from "./kit.js";
import { needsOf } from "./needs.js";

/** What something costs at the most. */
export interface Worst {
  usd: number | null;
  calls: number;
  tokens: number;
}

/** A critique shows at most so many answers, each cut to so many UTF-16 units: its prompt has an upper bound. */
export const SHOWN_VOTES = { answers: 4, length: 60 } as const;

/** A byte-level tokenizer makes at most one token of a byte; chat templates add a few tokens a message. */
const TEMPLATE_TOKENS = 16;

/** Templates say in their own words how a tool is called: Anthropic's in about 500 tokens, Qwen's in 150. */
const TOOLS_TOKENS = 600;

/** Upper bound of a prompt's tokens, for any tokenizer over bytes. Tools are part of it: their schemas are sent as text. */
export function mostTokens(messages: readonly Message[], tools: readonly ToolSpec[] = []): number {
  // The most roomy way in which templates write JSON.
  const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value, null, 4));
  const said = (message: Message): number => {
    const calls = message.role === "assistant" ? (message.toolCalls ?? []) : [];
    const called = calls.reduce((total, call) => total + bytes(call) + TEMPLATE_TOKENS, 0);
    return Buffer.byteLength(message.content) + called + TEMPLATE_TOKENS;
  };
  const offered = tools.reduce((total, tool) => total + bytes(tool) + 2 * TEMPLATE_TOKENS, 0);
  const prompt = messages.reduce((total, message) => total + said(message), TEMPLATE_TOKENS);
  return tools.length > 0 ? prompt + offered + TOOLS_TOKENS : prompt;
}

/** How many of `wanted` samples fit into what the budget has left, and how often each call may then be tried. */
export function fit(
  wanted: number,
  attempts: number,
  each: Worst,
  once: Worst,
  left: Budget,
): { count: number; attempts: number } {
  const fits = (count: number, tries: number) =>
    within(left.usd, each.usd, once.usd, count, tries) &&
    within(left.calls, each.calls, once.calls, count, tries) &&
    within(left.tokens, each.tokens, once.tokens, count, tries);
  // More samples are worth more than more retries: a retry is only ever needed when a call fails.
  for (let count = wanted; count > 0; count--) {
    for (let tries = attempts; tries > 0; tries--) if (fits(count, tries)) return { count, attempts: tries };
  }
  return { count: 0, attempts: 1 };
}

function within(
  left: number | undefined,
  each: number | null,
  once: number | null,
  count: number,
  tries: number,
): boolean {
  if (left === undefined) return true;
  // Unknown prices are refused at the start where a budget in dollars is set.
  return ((each ?? Infinity) * count + (once ?? Infinity)) * tries <= left;
}

/** What the budget has left after the rows so far. What is unknown in them counts for nothing: see `atWorst`. */
export function leftOf(budget: Budget, calls: readonly LedgerEntry[]): Budget {
  const sent = calls.filter((entry) => entry.status !== "cached");
  const known = (part: (entry: LedgerEntry) => number | null) => sum(sent.map((entry) => part(entry) ?? 0)) ?? 0;
  return {
    ...(budget.usd === undefined ? {} : { usd: budget.usd - known((entry) => entry.usd) }),
    ...(budget.calls === undefined ? {} : { calls: budget.calls - sent.length }),
    ...(budget.tokens === undefined
      ? {}
      : { tokens: budget.tokens - known((entry) => (entry.inputTokens ?? 0) + (entry.outputTokens ?? 0)) }),
  };
}

/** Worst case of a stage: `each` sample, and what is paid `once` for all (a guideline). */
export async function worstStage(
  kit: Kit,
  stage: Stage,
  settings: Settings,
  task: Json,
): Promise<{ each: Worst; once: Worst }> {
  const roles = [stage.execute.by, ...(stage.plan ? [stage.plan.by] : [])];
  const handles = new Map<string, PricedModel>();
  for (const role of roles) handles.set(role, pricedModel(await kit.model(role, settings)));
  const parts = {
    prompts: kit.family(settings).prompts,
    prices: kit.prices(settings),
    identity: (role: string) => handles.get(role)!,
    room: (role: string) => settings.thinking?.rooms[role],
  };
  const embeds = needsOf(kit, stage, settings).includes("embeddings");
  return worstOf(parts, stage, { stages: settings.stages, style: settings.guideline, embeds }, task);
}

/** What a worst case is computed from. */
export interface WorstParts {
  prompts: AnyFamily["prompts"];
  prices: PriceBook;
  identity(role: string): PricedModel;
  /** Tokens for thinking beside the visible limit, of a role that thinks. */
  room(role: string): number | undefined;
}

/** The same by its parts. `stages`: all whose plans may be shown to this one. */
export function worstOf(
  { prompts, prices, identity, room }: WorstParts,
  stage: Stage,
  { stages, style, embeds = false }: { stages: readonly Stage[]; style: GuidelineStyle; embeds?: boolean },
  task: Json,
): { each: Worst; once: Worst } {
  const { limits } = prompts;
  const shown = stage.sees.reduce((total, kind) => total + longestPlan(prompts, stages, kind) + TEMPLATE_TOKENS, 0);
  const cost = (role: string, input: number, output: number): Worst => ({
    usd: prices.worst(identity(role), { input, output }),
    calls: 1,
    tokens: input + output,
  });
  const written = (role: string, visible: number) => visible + (room(role) ?? 0);
  const none: Worst = { usd: 0, calls: 0, tokens: 0 };
  const { by: executor, maxTokens: most = limits.execute.maxTokens } = stage.execute;
  const drawn = cost(
    executor,
    mostTokens(prompts.execute(task as never, {}), prompts.tools?.(task)) + shown,
    written(executor, most),
  );
  const execute = embeds ? add(drawn, cost(executor, most, 0)) : drawn;
  if (!stage.plan) return { each: execute, once: none };
  const { by, kind, maxTokens } = stage.plan;
  const shownBefore = style === "critique" ? longestCritiques(stage.execute.samples) : [{}];
  const ask = Math.max(
    ...shownBefore.map((critique) => mostTokens(prompts.plan(task as never, { kind, style, ...critique }))),
  );
  const plan = cost(by, ask, written(by, maxTokens ?? limits[kind].maxTokens));
  return kind === "goal" ? { each: add(execute, plan), once: none } : { each: execute, once: plan };
}

/** Upper bound of a plan's bytes wherever it is shown: as many to a token as one may have, generously. */
export function longestPlan(
  { limits }: Pick<AnyFamily["prompts"], "limits">,
  stages: readonly Stage[],
  kind: PlanKind,
): number {
  // A plan may be longer in this run than its family's prompts allow by themselves.
  const tokens = stages.map(({ plan }) => (plan?.kind === kind && plan.maxTokens) || limits[kind].maxTokens);
  return 8 * Math.max(...tokens);
}

/** What a critique shows is not known yet: the longest there can be. A UTF-16 unit has at most three bytes. */
function longestCritiques(samples: number) {
  const longest = (length: number) => "\uFFFF".repeat(length);
  const { count, length } = SHOWN_FAILURES;
  const vote = { answer: longest(SHOWN_VOTES.length), votes: samples };
  const failure = { test: longest(length), why: longest(length), samples };
  return [
    { votes: Array.from({ length: SHOWN_VOTES.answers }, () => vote) },
    { failures: Array.from({ length: count }, () => failure) },
  ];
}

function add(a: Worst, b: Worst): Worst {
  const usd = a.usd === null || b.usd === null ? null : a.usd + b.usd;
  return { usd, calls: a.calls + b.calls, tokens: a.tokens + b.tokens };
}

/** Worst case of a whole run: every stage needed, every sample drawn, each call tried once. */
export async function worstRun(kit: Kit, settings: Settings, task: Json): Promise<Worst> {
  let total: Worst = { usd: 0, calls: 0, tokens: 0 };
  for (const stage of settings.stages) {
    const { each, once } = await worstStage(kit, stage, settings, task);
    total = add(total, once);
    for (let i = 0; i < stage.execute.samples; i++) total = add(total, each);
  }
  return total;
}
