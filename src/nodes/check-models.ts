import { isLeft, scored, scorerChoices } from "../cascade/stages.js";
import { CopeError } from "../errors.js";
import type { ScorerChoice } from "../families/types.js";
import { requireAbilities, UNKNOWN } from "../models/abilities.js";
import { parseSpec } from "../models/spec.js";
import { pricedModel, type ModelIdentity } from "../calls/types.js";
import { resolveScorer } from "../scorers/index.js";
import type { Calibration } from "../state/calibration.js";
import type { Json } from "../state/message.js";
import type { Settings } from "../state/options.js";
import type { Stage } from "../state/stage.js";
import { needsOf, type Kit } from "./kit.js";
import { rolesOf } from "./settings.js";
import { withRooms } from "./thinking.js";

/**
 * Opens every model that a stage uses, so that a wrong name, a missing key, a lack of what a scorer or the task needs, or another model
 * than the calibration was made with is told before any call is paid: what is known here first, then what a server has to be
 * asked for.
 *
 * @param checked - `before`: the settings of the thread's last turn, whose models were perhaps seen to think
 * @returns the settings with the scorers that these models allow, and room for those that think
 */
export async function checkModels(
  kit: Kit,
  settings: Settings,
  { task, thresholdsOpen, before }: { task?: Json; thresholdsOpen: boolean; before?: Settings | undefined },
): Promise<Settings> {
  if (kit.madeWith) assertCalibratedFamily(kit.madeWith, settings.family);
  // Also one that no stage asks: it is compared with, and a question that is meant for its address must not wait for that.
  for (const name of Object.values(settings.models)) if (name !== "given") parseSpec(name);
  for (const role of rolesOf(settings.stages)) {
    const handle = await kit.model(role, settings);
    const { identity } = handle;
    if (kit.madeWith) assertCalibratedModel(kit.madeWith, role, identity);
    if (settings.budget.usd !== undefined && !kit.prices(settings).has(pricedModel(handle))) {
      const name = `${identity.provider}:${identity.model}`;
      throw new CopeError(
        "PRICE_UNKNOWN",
        `a budget in dollars is set, and the price of ${name} (role "${role}") is unknown.`,
        `limit the calls instead (--max-calls, or budget.calls), or give the price in dollars per million tokens to createCope: prices: { "${name}": { input: …, output: … } }.`,
      );
    }
  }
  const ready = await withRooms(kit, await withScorers(kit, settings, thresholdsOpen), before);
  await checkAbilities(kit, ready, task);
  return ready;
}

/**
 * Names the scorer of each stage that leaves it to its family, where the family knows several: the first whose needs all of
 * these stages' models meet. With it come the family's thresholds on that scorer's scale, unless others were chosen.
 *
 * @param thresholdsOpen - nobody has chosen thresholds: neither for this run nor by a stage list of one's own
 */
async function withScorers(kit: Kit, settings: Settings, thresholdsOpen: boolean): Promise<Settings> {
  const choices = scorerChoices(kit.family(settings));
  const left = settings.stages.filter((_, i) => isLeft(settings.stages, i));
  if (left.length === 0 || choices.every(({ thresholds }) => !thresholds && choices.length === 1)) return settings;
  // One that was named is not exchanged; its family knows the scale of those of its own.
  const named = kit.scorerGiven;
  const chosen = named ? choices.find(({ name }) => name === named) : await firstMet(kit, settings, choices, left);
  if (!chosen) return settings;
  return { ...settings, stages: scored(settings.stages, chosen, { thresholdsOpen }) };
}

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

/**
 * Sees that every stage's model has what the stage's scorer needs, and what the task needs.
 *
 * @throws CopeError `ABILITY_MISSING`, and what asking a server throws
 */
async function checkAbilities(kit: Kit, settings: Settings, task?: Json): Promise<void> {
  const ofTask = task === undefined ? [] : (kit.family(settings).needs?.(task) ?? []);
  for (const stage of settings.stages) {
    const needs = needsOf(kit, stage, settings).filter((name) => name !== "embeddings" || !kit.embeddings);
    if (needs.length + ofTask.length === 0) continue;
    const model = await kit.model(stage.execute.by, settings);
    await requireAbilities(model, ofTask, "the task");
    await requireAbilities(model, needs, `the scorer of stage "${stage.name}"`);
  }
}

/** What a calibration was made with, and so holds for alone. */
export type CalibrationBasis = Pick<Calibration, "family" | "models">;

/**
 * Refuses a calibration for another family than it was made with: its figures would say nothing.
 *
 * @throws CopeError CALIBRATION_MISMATCH
 */
function assertCalibratedFamily({ family: made }: CalibrationBasis, family: string): void {
  if (made === family) return;
  throw mismatch(
    `the calibration was made for the family "${made}", and this run is of "${family}".`,
    `--family ${made}`,
  );
}

/**
 * Refuses a calibration for another model than it was made with, by name and, where it is known, by the digest of weights.
 *
 * @throws CopeError CALIBRATION_MISMATCH
 */
export function assertCalibratedModel({ models }: CalibrationBasis, role: string, identity: ModelIdentity): void {
  const made = models[role];
  const name = `${identity.provider}:${identity.model}`;
  if (!made) {
    throw mismatch(
      `the calibration was made without a model for the role "${role}", which a stage asks.`,
      "the stages of the calibration",
    );
  }
  if (made.name !== name) {
    throw mismatch(
      `the calibration was made with ${made.name} as "${role}", and this run has ${name}.`,
      `that model (--${role} ${made.name}, or createCope({ ${role}: "${made.name}" }))`,
    );
  }
  if (made.digest === undefined || identity.digest === undefined || made.digest === identity.digest) return;
  const [was, is] = [made.digest.slice(0, 12), identity.digest.slice(0, 12)];
  throw mismatch(
    `the calibration was made with other weights of ${name} as "${role}": ${was}…, and here they are ${is}….`,
    "the weights it was made with",
  );
}

function mismatch(reason: string, use: string): CopeError {
  return new CopeError(
    "CALIBRATION_MISMATCH",
    reason,
    `use ${use}, or calibrate anew for what is used here: cope eval, then cope calibrate.`,
  );
}
