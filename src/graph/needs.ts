import { CopeError } from "../errors.js";
import { abilityMissing } from "../models/abilities.js";
import { declaredOf } from "../models/declared.js";
import { declaredAbility, isChatModel, type ModelLike } from "../models/given.js";
import { EMBEDDED } from "../models/roles.js";
import { isOpenAi, openAiUrl, parseSpec } from "../models/spec.js";
import type { Construction } from "../nodes/settings.js";
import type { Scorer } from "../scorers/types.js";
import { isChecked, type Stage } from "../state/stage.js";
import type { AbilityName } from "../models/abilities.js";

/**
 * Tells at construction what is sure by then: a model that by its provider's own word lacks what a stage's scorer needs.
 * What only its server knows is asked for by intake, before any paid call.
 *
 * @throws CopeError ABILITY_MISSING; SCORER_INVALID where a stage stops by likelihood and its scorer tells none
 */
export function checkDeclared(
  { stages, models, options }: Construction,
  scorerOf: (stage: Stage) => Scorer | undefined,
): void {
  stages.forEach((stage, i) => {
    if (!isChecked(stages, i)) return;
    const scorer = scorerOf(stage);
    if (stage.execute.stop && scorer && !scorer.chances) {
      const reason = `stage "${stage.name}" is to stop by likelihood, and its scorer tells no chances.`;
      throw new CopeError("SCORER_INVALID", reason, 'use the scorer "vote", or leave out execute.stop.');
    }
    const role = stage.execute.by;
    const model = models[role] ?? options.models?.[role] ?? EMBEDDED[role];
    for (const name of scorer?.needs ?? []) {
      const { ability, identity } = declared(model, name) ?? {};
      if (ability?.has === false) throw abilityMissing(identity!, name, ability, `the scorer of stage "${stage.name}"`);
    }
  });
}

function declared(model: ModelLike | undefined, name: AbilityName) {
  if (isChatModel(model)) {
    return { ability: declaredAbility(model, name), identity: { provider: model.getName(), model: nameOf(model) } };
  }
  if (typeof model !== "string") return undefined;
  const spec = parseSpec(model);
  const own = isOpenAi(spec.url ?? openAiUrl());
  return { ability: declaredOf(spec, name, spec.provider !== "openai" || own), identity: spec };
}

const nameOf = (model: object): string => String((model as { model?: unknown }).model ?? "");
