import { CopeError } from "../errors.js";
import { families } from "../families/index.js";
import type { AnyFamily } from "../families/types.js";
import { abilityMissing, type AbilityName, declaredOf } from "../models/abilities.js";
import { keepRecent } from "../models/bounded.js";
import { createCaller } from "../calls/call.js";
import { declaredAbility, isChatModel, type ModelLike } from "../models/given.js";
import { hider, type Hide } from "../privacy/hide.js";
import { memoryJournal } from "../storage/journal.js";
import { createPriceBook, type PriceBook } from "../calls/prices.js";
import { createRoles, EMBEDDED } from "../models/roles.js";
import { isOpenAi, openAiUrl, parseSpec } from "../models/spec.js";
import { createClock, type Kit } from "../nodes/kit.js";
import type { Construction } from "../nodes/settings.js";
import { firstScorer, resolveStages } from "../cascade/stages.js";
import { resolveScorer } from "../scorers/index.js";
import type { Scorer } from "../scorers/types.js";
import { RunOptions } from "../state/options.js";
import { isChecked, type Stage } from "../state/stage.js";
import type { z } from "zod";
import { calibrated, readCalibration } from "./calibration.js";
import { checkedPrompts, type CopeOptions } from "./options.js";

/** Splits what `createCope` was given into data (`construction`) and what nodes work with (`kit`). */
export function createKit(options: z.output<typeof CopeOptions>): {
  kit: Kit;
  construction: Construction;
  durable: boolean;
  hide: Hide;
} {
  const {
    small,
    large,
    models,
    calibration,
    scorer,
    same,
    prompts,
    embeddings,
    maxConcurrency,
    tape,
    journal = memoryJournal(),
    private: texts = [],
    ...others
  } = options;
  const hide = hider(texts);
  // Told at construction, as everything that is known by then.
  const basis = calibration === undefined ? undefined : readCalibration(calibration);
  const { family, stages, ...rest } = { ...others, ...(basis && calibrated(basis, others)) };
  const own = typeof family === "object" ? family : undefined;
  const known = own ? [own.name, ...Object.keys(families)] : Object.keys(families);
  const customised = new Map<string, AnyFamily>();
  // Told at construction, not at the first question.
  if (scorer !== undefined) resolveScorer(scorer);
  const list = resolveStages(stages ?? "cope");
  for (const stage of list) if (stage.accept?.scorer !== undefined) resolveScorer(stage.accept.scorer);

  const construction: Construction = {
    options: RunOptions.parse({ ...rest, ...(own ? { family: own.name } : family === undefined ? {} : { family }) }),
    models: {
      ...models,
      ...(small === undefined ? {} : { small }),
      ...(large === undefined ? {} : { large }),
    },
    stages: list,
    families: known,
    thresholdsOwn: typeof (stages ?? "cope") === "string" && rest.thresholds === undefined,
  };
  checkDeclared(construction, (stage) => {
    const named = stage.accept?.scorer ?? scorer ?? own?.scorer;
    return named === undefined || Array.isArray(named) ? undefined : resolveScorer(named as string | Scorer);
  });
  const roles = createRoles(construction.models);
  const priceBook = memo((json: string): PriceBook => createPriceBook(JSON.parse(json)));
  const kit: Kit = {
    family({ family: name }) {
      const made = customised.get(name) ?? customise(own?.name === name ? own : families[name]!(), prompts, same);
      customised.set(name, made);
      return made;
    },
    scorer: (stage, settings) => resolveScorer(stage.accept?.scorer ?? scorer ?? firstScorer(kit.family(settings))),
    ...(scorer === undefined ? {} : { scorerGiven: scorer }),
    ...(embeddings ? { embeddings } : {}),
    model: (role, settings) => roles(role, settings.models[role]),
    prices: (settings) => priceBook(JSON.stringify(settings.prices)),
    call: createCaller({
      journal,
      hide,
      ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
      ...(tape ? { tape } : {}),
    }),
    clock: createClock(),
    ...(basis ? { madeWith: basis } : {}),
    async begun({ thread, namespace }, turn) {
      if (thread !== undefined && turn > 1) await journal.forget(thread, { namespace, turn: turn - 1 });
    },
    // Not the durable one's: this process may die before the checkpoint that says so is written.
    async settled({ thread, namespace }, turn) {
      if (thread !== undefined && !journal.durable) await journal.forget(thread, { namespace, turn });
    },
  };
  return { kit, construction, durable: journal.durable, hide };
}

function customise(family: AnyFamily, prompts: CopeOptions["prompts"], same: CopeOptions["same"]): AnyFamily {
  const limits = { ...family.prompts.limits, ...prompts?.limits };
  return { ...family, prompts: checkedPrompts({ ...family.prompts, ...prompts, limits }), ...(same ? { same } : {}) };
}

/** Other prices for each of many runs are no reason to keep them all. */
const MOST_REMEMBERED = 100;

function memo<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>();
  return (key) => {
    return keepRecent(made, key, made.get(key) ?? make(key), MOST_REMEMBERED);
  };
}

/**
 * Tells at construction what is sure by then: a model that by its provider's own word lacks what a stage's scorer needs.
 * What only its server knows is asked for by intake, before any paid call.
 *
 * @throws CopeError ABILITY_MISSING; SCORER_INVALID where a stage stops by likelihood and its scorer tells none
 */
function checkDeclared(
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
