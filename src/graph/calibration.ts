import { CopeError } from "../errors.js";
import { saidOf } from "../options-error.js";
import { Calibration } from "../state/calibration.js";
import { readJsonFile } from "../files.js";
import type { CopeOptions } from "./options.js";

/**
 * Reads a calibration, from the file that `cope calibrate` wrote, or as parsed from one.
 *
 * @throws CopeError `FILE_NOT_FOUND`; `FILE_BROKEN` for what is no calibration, or one of a later version
 */
export function readCalibration(given: unknown): Calibration {
  const from = typeof given === "string" ? given : "the calibration";
  const parsed = Calibration.safeParse(typeof given === "string" ? readJsonFile(given, { remedy: REMEDY }) : given);
  if (parsed.success) return parsed.data;
  const reason = `${from} is no calibration of this version: ${saidOf(parsed.error)}`;
  throw new CopeError("FILE_BROKEN", reason, REMEDY, { cause: parsed.error });
}

const REMEDY = "give a file that cope calibrate wrote, or write it again.";

/** What a calibration decides where nothing explicit does: stages, guideline style and family. */
export function calibrated(
  { stages, guideline, family }: Calibration,
  options: Readonly<Pick<CopeOptions, "stages" | "guideline" | "family">>,
): Required<Pick<CopeOptions, "stages" | "guideline" | "family">> {
  const asked = options.family === "auto" ? undefined : options.family;
  return {
    stages: options.stages ?? stages,
    guideline: options.guideline ?? guideline,
    family: asked ?? family,
  };
}
