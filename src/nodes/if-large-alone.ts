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
 * Input tokens: those of the plain prompt, scaled from an executor's call of this run (the large model's where it
 * executed) by the prompts' lengths. Output tokens: the large model's own where it executed, else the mean of this run's
 * samples. Measured (`estimated: false`) only where the run made such a call: the large model, executing without a plan.
 */
export async function ifLargeAlone(kit: Kit, state: RunState): Promise<Ledger["ifLargeAlone"]> {
  const { settings, calls, samples } = state;
  const { prompts } = kit.family(settings);
  const plain = prompts.execute(state.task, {});
  const executed = calls.filter(
    (entry) => entry.purpose === "execute" && entry.inputTokens !== null && entry.outputTokens !== null,
  );
  const byLarge = executed.filter((entry) => entry.role === LARGE);
  const stage = (name: string) => settings.stages.find((candidate) => candidate.name === name);
  const asked = (entry: LedgerEntry) => {
    const sample = samples.find((candidate) => `${candidate.id}/execute` === entry.call);
    return prompts.execute(state.task, sample ? shownTo(sample, stage(sample.stage), state.plans) : {});
  };

  const scale = byLarge[0] ?? executed[0];
  const outputs = (byLarge.length > 0 ? byLarge : executed).map((entry) => entry.outputTokens!);
  const inputTokens = scale ? Math.round((scale.inputTokens! * lengthOf(plain)) / lengthOf(asked(scale))) : null;
  const outputTokens = outputs.length > 0 ? Math.round(outputs.reduce((a, b) => a + b, 0) / outputs.length) : null;
  const estimated = !byLarge.some((entry) => lengthOf(asked(entry)) === lengthOf(plain));
  // A stage list without the role has no large model to compare with.
  if (settings.models[LARGE] === undefined) return { inputTokens, outputTokens, usd: null, estimated: true };
  const { identity } = await kit.model(LARGE, settings);
  return {
    inputTokens,
    outputTokens,
    usd: kit.prices(settings).cost(identity, { inputTokens, outputTokens }).usd,
    estimated,
  };
}

function lengthOf(messages: readonly Message[]): number {
  return messages.reduce((total, { content }) => total + content.length, 0);
}
