import { families } from "../families/index.js";
import type { AnyFamily, ScorerChoice } from "../families/types.js";
import { scorerChoices } from "../nodes/choose-scorer.js";
import { resolveScorer } from "../scorers/index.js";
import type { Stage } from "../state/stage.js";

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

/**
 * Stages with their scorer named, and with its thresholds where nobody has chosen others. A last stage that scores its
 * samples answers whatever their confidence.
 */
export function scored(
  stages: readonly Stage[],
  { name, thresholds }: ScorerChoice,
  { thresholdsOpen }: { thresholdsOpen: boolean },
): Stage[] {
  if (name === VOTE.name && !thresholds) return [...stages];
  return stages.map((stage, i) => {
    const isLast = i === stages.length - 1;
    if (stage.accept?.scorer || (isLast && stage.execute.samples === 1)) return stage;
    const own = stage.accept?.threshold ?? 0;
    const threshold = thresholdsOpen && !isLast ? (thresholds?.[stage.name] ?? own) : own;
    return { ...stage, accept: { scorer: name, threshold } };
  });
}
