import type { AnyFamily, ScorerChoice } from "../families/types.js";
import { UNKNOWN } from "../models/abilities.js";
import { resolveScorer } from "../scorers/index.js";
import type { Settings } from "../state/options.js";
import { isChecked, type Stage } from "../state/stage.js";
import type { Kit } from "./kit.js";

/** A family's scorers in order of preference. */
export const scorerChoices = ({ scorer }: Pick<AnyFamily, "scorer">): readonly ScorerChoice[] =>
  typeof scorer === "string" ? [{ name: scorer }] : scorer;

/** The scorer a family likes best, before anything is known of the models. */
export const firstScorer = (family: Pick<AnyFamily, "scorer">): string => scorerChoices(family)[0]!.name;

/**
 * Names the scorer of each stage that leaves it to its family, where the family knows several: the first whose needs all of
 * these stages' models meet. With it come the family's thresholds on that scorer's scale, unless others were chosen.
 *
 * @param thresholdsOpen - nobody has chosen thresholds: neither for this run nor by a stage list of one's own
 */
export async function withScorers(kit: Kit, settings: Settings, thresholdsOpen: boolean): Promise<Settings> {
  const choices = scorerChoices(kit.family(settings));
  const left = settings.stages.filter((_, i) => isLeft(settings.stages, i));
  if (left.length === 0 || choices.every(({ thresholds }) => !thresholds && choices.length === 1)) return settings;
  // One that was named is not exchanged; its family knows the scale of those of its own.
  const named = kit.scorerGiven;
  const chosen = named ? choices.find(({ name }) => name === named) : await firstMet(kit, settings, choices, left);
  if (!chosen) return settings;
  return { ...settings, stages: scored(settings.stages, chosen, { thresholdsOpen }) };
}

/** Stages with their scorer named, and with its thresholds where nobody has chosen others. */
export function scored(
  stages: readonly Stage[],
  { name, thresholds }: ScorerChoice,
  { thresholdsOpen }: { thresholdsOpen: boolean },
): Stage[] {
  return stages.map((stage, i) => {
    if (!isLeft(stages, i)) return stage;
    // A last stage answers whatever its confidence.
    const own = stage.accept?.threshold ?? 0;
    const threshold = thresholdsOpen && stage.accept ? (thresholds?.[stage.name] ?? own) : own;
    return { ...stage, accept: { scorer: name, threshold } };
  });
}

/** Whether a stage is scored, and leaves it to its family by what. */
const isLeft = (stages: readonly Stage[], i: number): boolean => isChecked(stages, i) && !stages[i]!.accept?.scorer;

/** The last one also where nothing is met: its needs are then told as missing. */
async function firstMet(
  kit: Kit,
  settings: Settings,
  choices: readonly ScorerChoice[],
  stages: readonly Stage[],
): Promise<ScorerChoice> {
  for (const choice of choices) {
    const needs = resolveScorer(choice.name).needs ?? [];
    const met = await Promise.all(
      stages.map(async ({ execute }) => {
        const model = await kit.model(execute.by, settings);
        for (const name of needs) {
          if (name === "embeddings" && kit.embeddings) continue;
          if (((await model.ability?.(name)) ?? UNKNOWN).has !== true) return false;
        }
        return true;
      }),
    );
    if (met.every(Boolean)) return choice;
  }
  return choices.at(-1)!;
}
