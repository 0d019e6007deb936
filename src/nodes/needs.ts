import { requireAbilities, type AbilityName } from "../models/abilities.js";
import type { Json } from "../state/json.js";
import type { Settings } from "../state/options.js";
import type { Stage } from "../state/stage.js";
import type { Kit } from "./kit.js";

/** What a stage's scorer needs of the model that draws its samples; nothing where no scorer looks at them. */
export function needsOf(kit: Pick<Kit, "scorer">, stage: Stage, settings: Settings): readonly AbilityName[] {
  const isScored = stage.name !== settings.stages.at(-1)?.name || stage.execute.samples > 1;
  // As it runs now: its scorer may have been chosen for the models of this run.
  const now = settings.stages.find(({ name }) => name === stage.name) ?? stage;
  return isScored ? (kit.scorer(now, settings).needs ?? []) : [];
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
