import { families } from "../families/index.js";
import type { AnyFamily } from "../families/types.js";
import { keepRecent } from "../models/bounded.js";
import { createCaller } from "../models/call.js";
import { hider, type Hide } from "../models/hide.js";
import { memoryJournal } from "../models/journal.js";
import { createPriceBook, type PriceBook } from "../models/prices.js";
import { createRoles } from "../models/roles.js";
import { createClock } from "../nodes/clock.js";
import type { Kit } from "../nodes/kit.js";
import type { Construction } from "../nodes/settings.js";
import { firstScorer } from "../nodes/choose-scorer.js";
import { resolveScorer } from "../scorers/index.js";
import type { Scorer } from "../scorers/types.js";
import { RunOptions } from "../state/options.js";
import type { z } from "zod";
import { calibrated, readCalibration } from "./calibration.js";
import { checkDeclared } from "./needs.js";
import type { CopeOptions } from "./options.js";
import { resolveStages } from "./stages.js";
import { checkedPrompts } from "./wording.js";

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
