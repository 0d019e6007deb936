import type { Ledger } from "../state/ledger.js";
import type { RunState } from "../state/channels.js";
import type { LedgerEntry } from "../state/ledger.js";
import type { Message } from "../state/message.js";
import { shownTo } from "./carry.js";
import type { Kit } from "./kit.js";

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
  const plain = lengthOf(prompts.execute(state.task, {}));
  const stage = (name: string) => settings.stages.find((candidate) => candidate.name === name);
  /** Length of the prompt that a call sent. */
  const askedLength = (entry: LedgerEntry) => {
    const sample = samples.find((candidate) => `${candidate.id}/execute` === entry.call);
    const shown = sample ? shownTo(sample, stage(sample.stage), state.plans) : {};
    return lengthOf(prompts.execute(state.task, shown));
  };

  const executed = calls.filter(
    (entry) => entry.purpose === "execute" && entry.inputTokens !== null && entry.outputTokens !== null,
  );
  const byLarge = executed.filter((entry) => entry.role === LARGE);
  const measured = byLarge.filter((entry) => askedLength(entry) === plain);
  const basis = [measured, byLarge, executed].find((list) => list.length > 0) ?? [];
  const scale = (length: number) => (length === plain ? 1 : plain / (length || 1));
  const inputs = basis.map((entry) => entry.inputTokens! * scale(askedLength(entry)));
  const tokens = { inputTokens: mean(inputs), outputTokens: mean(basis.map((entry) => entry.outputTokens!)) };
  const estimated = measured.length === 0;
  // A stage list without the role has no large model to compare with.
  if (settings.models[LARGE] === undefined) return { ...tokens, usd: null, estimated };
  const { identity } = await kit.model(LARGE, settings);
  return { ...tokens, usd: kit.prices(settings).cost(identity, tokens).usd, estimated };
}

/** Rounded to whole tokens; null of nothing. */
function mean(counts: readonly number[]): number | null {
  return counts.length > 0 ? Math.round(counts.reduce((a, b) => a + b, 0) / counts.length) : null;
}

function lengthOf(messages: readonly Message[]): number {
  return messages.reduce((total, { content }) => total + content.length, 0);
}
