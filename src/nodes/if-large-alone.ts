import type { RunState } from "../state/channels.js";
import type { Ledger, LedgerEntry } from "../state/ledger.js";
import type { Message } from "../state/message.js";
import { isLocal } from "../models/local.js";
import { identityOf, parseSpec } from "../models/spec.js";
import { pricedModel, type PricedModel, type Usage } from "../models/types.js";
import type { Settings } from "../state/options.js";
import { shownTo } from "./carry.js";
import type { Kit } from "./kit.js";
import { rolesOf } from "./settings.js";

const LARGE = "large";

/**
 * What one plain call of the large model would have cost: the number that everyone looks for beside the bill.
 *
 * Measured (`estimated: false`) where the run made such a call: the large model, executing without a plan. Else input
 * tokens are those of another executor's prompt (the large model's where it executed), scaled by the prompts' lengths,
 * and output tokens the mean of the same samples. Null where no server counted any.
 */
export async function ifLargeAlone(kit: Kit, state: RunState): Promise<Ledger["ifLargeAlone"]> {
  const { settings, calls, samples } = state;
  const { prompts } = kit.family(settings);
  const tools = JSON.stringify(prompts.tools?.(state.task) ?? "").length;
  const whole = (messages: readonly Message[]) => lengthOf(messages) + tools;
  const plain = whole(prompts.execute(state.task, {}));
  const stage = (name: string) => settings.stages.find((candidate) => candidate.name === name);
  /** Length of the prompt that a call sent. */
  const askedLength = (entry: LedgerEntry) => {
    const sample = samples.find((candidate) => `${candidate.id}/execute` === entry.call);
    const shown = sample ? shownTo(sample, stage(sample.stage), state.plans) : {};
    return whole(prompts.execute(state.task, shown));
  };

  // A sample's first question: what it was asked again is another one.
  const asked = new Set(samples.map(({ id }) => `${id}/execute`));
  const executed = calls.filter(
    ({ call, inputTokens, outputTokens }) => asked.has(call) && inputTokens !== null && outputTokens !== null,
  );
  const byLarge = executed.filter((entry) => entry.role === LARGE);
  const measured = byLarge.filter((entry) => askedLength(entry) === plain);
  const basis = [measured, byLarge, executed].find((list) => list.length > 0) ?? [];
  const scale = (length: number) => (length === plain ? 1 : plain / (length || 1));
  const inputs = basis.map((entry) => entry.inputTokens! * scale(askedLength(entry)));
  const tokens = { inputTokens: mean(inputs), outputTokens: mean(basis.map((entry) => entry.outputTokens!)) };
  const estimated = measured.length === 0;
  const model = await largeOf(kit, settings);
  // One call alone finds in a cache what that call found; of calls that were not made nobody knows.
  const parts = estimated ? {} : meanParts(measured);
  const usd = model ? kit.prices(settings).cost(model, { ...tokens, ...parts }).usd : null;
  return { ...tokens, usd, estimated };
}

/**
 * For a price the name is enough: a model that no stage asks is not opened, for it may lack a key or weights. Undefined where
 * there is no large model, or one without a name.
 */
async function largeOf(kit: Kit, settings: Settings): Promise<PricedModel | undefined> {
  const name = settings.models[LARGE];
  if (name === undefined) return undefined;
  if (name === "given")
    return rolesOf(settings.stages).includes(LARGE) ? pricedModel(await kit.model(LARGE, settings)) : undefined;
  const spec = parseSpec(name);
  return { ...identityOf(spec), local: isLocal(spec) };
}

const PARTS = ["cachedInputTokens", "cacheWriteTokens", "hourCacheWriteTokens", "reasoningTokens"] as const;

function meanParts(rows: readonly LedgerEntry[]): Partial<Usage> {
  return Object.fromEntries(PARTS.map((part) => [part, mean(rows.map((row) => row[part] ?? 0)) ?? 0]));
}

/** Rounded to whole tokens; null of nothing. */
function mean(counts: readonly number[]): number | null {
  return counts.length > 0 ? Math.round(counts.reduce((a, b) => a + b, 0) / counts.length) : null;
}

function lengthOf(messages: readonly Message[]): number {
  return messages.reduce((total, message) => {
    const calls = message.role === "assistant" && message.toolCalls ? JSON.stringify(message.toolCalls).length : 0;
    return total + message.content.length + calls;
  }, 0);
}
