import { CopeError } from "../errors.js";
import type { ModelIdentity } from "../models/types.js";
import type { Calibration } from "../state/calibration.js";

/** What a calibration was made with, and so holds for alone. */
export type MadeWith = Pick<Calibration, "family" | "models">;

/**
 * Refuses a calibration for another family than it was made with: its figures would say nothing.
 *
 * @throws CopeError CALIBRATION_MISMATCH
 */
export function assertCalibratedFamily({ family: made }: MadeWith, family: string): void {
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
export function assertCalibratedModel({ models }: MadeWith, role: string, identity: ModelIdentity): void {
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
