import { families } from "../families/index.js";
import type { AnyFamily, ScorerChoice } from "../families/types.js";
import { scorerChoices } from "../nodes/choose-scorer.js";
import { resolveScorer } from "../scorers/index.js";

/** What a family's stages are scored by where they name no scorer, as far as recorded draws hold what it reads. */
export const VOTE: ScorerChoice = { name: "vote" };

/**
 * The scorer of a family's draws: the first of its own whose needs a recording meets, or the first of all.
 *
 * @param family - one of the built-in ones by name, or one's own
 */
export function scoringOf(family: string | AnyFamily, { logprobs }: { logprobs: boolean }): ScorerChoice {
  const made = typeof family === "string" ? families[family]?.() : family;
  if (!made) return VOTE;
  const choices = scorerChoices(made);
  const met = (name: string) => name === "logprobs" && logprobs;
  return choices.find(({ name }) => (resolveScorer(name).needs ?? []).every(met)) ?? choices[0]!;
}
