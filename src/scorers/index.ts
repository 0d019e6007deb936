import { CopeError } from "../errors.js";
import { ABILITY_NAMES, isAbilityName } from "../models/abilities.js";
import { agreement } from "./agreement.js";
import { fields } from "./fields.js";
import { perplexity } from "./perplexity.js";
import { tests } from "./tests.js";
import type { Scorer } from "./types.js";
import { vote } from "./vote.js";

/** The scorers that a stage list, which is JSON, can name. A new one is a file and a line here. */
export const scorers = { vote, tests, perplexity, agreement, fields } as const satisfies Record<string, Scorer>;
export type ScorerName = keyof typeof scorers;

/**
 * A scorer by name, or one's own function as it is.
 *
 * @throws CopeError `SCORER_UNKNOWN` for anything else, the remedy lists the names; `SCORER_INVALID` where it needs what is no
 *   ability.
 */
export function resolveScorer(scorer: string | Scorer): Scorer {
  if (typeof scorer === "function") {
    const wrong = scorer.needs?.find((name) => !isAbilityName(name));
    if (wrong === undefined) return scorer;
    throw new CopeError(
      "SCORER_INVALID",
      `the scorer needs ${JSON.stringify(wrong)}, which is no ability of a model.`,
      `use ${ABILITY_NAMES.join(", ")}.`,
    );
  }
  // Own keys only: "constructor" is no scorer.
  if (Object.hasOwn(scorers, scorer)) return scorers[scorer as ScorerName];
  throw new CopeError(
    "SCORER_UNKNOWN",
    `There is no scorer named ${JSON.stringify(scorer)}.`,
    `use one of ${Object.keys(scorers).join(", ")}, or pass a function of your own.`,
  );
}
