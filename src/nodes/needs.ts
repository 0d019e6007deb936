import { requireAbilities, type AbilityName } from "../models/abilities.js";
import type { Json } from "../state/json.js";
import { CopeError } from "../errors.js";
import type { Scorer } from "../scorers/types.js";
import type { Sample } from "../state/sample.js";
import type { Settings } from "../state/options.js";
import { isChecked, type Stage } from "../state/stage.js";
import type { Kit } from "./kit.js";

/** What a stage's scorer needs of the model that draws its samples; nothing where no scorer looks at them. */
export function needsOf(kit: Pick<Kit, "scorer">, stage: Stage, settings: Settings): readonly AbilityName[] {
  // As it runs now: its samples and its scorer may have been chosen for this run.
  const at = settings.stages.findIndex(({ name }) => name === stage.name);
  return isChecked(settings.stages, at) ? (kit.scorer(settings.stages[at]!, settings).needs ?? []) : [];
}

/**
 * Sees that every stage's model has what the stage's scorer needs, and what the task needs.
 *
 * @throws CopeError `ABILITY_MISSING`, and what asking a server throws
 */
export async function checkAbilities(
  kit: Pick<Kit, "model" | "scorer" | "embeddings" | "family">,
  settings: Settings,
  task?: Json,
): Promise<void> {
  const ofTask = task === undefined ? [] : (kit.family(settings).needs?.(task) ?? []);
  for (const stage of settings.stages) {
    const needs = needsOf(kit, stage, settings).filter((name) => name !== "embeddings" || !kit.embeddings);
    if (needs.length + ofTask.length === 0) continue;
    const model = await kit.model(stage.execute.by, settings);
    await requireAbilities(model, ofTask, "the task");
    await requireAbilities(model, needs, `the scorer of stage "${stage.name}"`);
  }
}

/**
 * A server may leave out the log-probabilities of a text now and then, which costs that sample its vote. Of a whole stage it
 * would leave a scorer to score nothing, and every question to the next stage.
 *
 * @param samples - all that the stage draws
 * @throws CopeError `ABILITY_MISSING`
 */
export function assertTold({ needs = [] }: Pick<Scorer, "needs">, stage: Stage, samples: readonly Sample[]): void {
  const readable = samples.filter(({ value }) => value !== undefined);
  if (!needs.includes("logprobs") || readable.length === 0 || readable.some(({ logprobs }) => logprobs)) return;
  throw new CopeError(
    "ABILITY_MISSING",
    `no sample of stage "${stage.name}", drawn by "${stage.execute.by}", has the log-probabilities of all its tokens, which the scorer reads.`,
    'use a model or server that reports them (`cope doctor --model PROVIDER:MODEL`), or another scorer: "agreement" for open text.',
  );
}
