import { renameSync, rmSync, writeFileSync } from "node:fs";
import { CopeError } from "../errors.js";
import { calibrate } from "../evaluation/calibrate/calibrate.js";
import { parseCalibrate, type CalibrateOptions } from "../evaluation/calibrate/options.js";
import { calibrationText } from "./calibrate-text.js";
import type { CalibrateFlags } from "./calibrate.js";
import { defined, flagWords } from "./flags.js";
import { readStages } from "./inputs.js";
import { note, printJson, quoted, typed as asTyped, visible } from "./output.js";
import { openRecording, recordedPrices } from "./recordings.js";

/** Chooses, and writes what is chosen to `out`. */
export async function writeCalibration(flags: CalibrateFlags & { out: string }, typed: object): Promise<void> {
  const { atLeastAccuracy, atMostCost, notBelowLarge, folds, seed, samples, price: prices, out } = flags;
  const options = defined({
    atLeastAccuracy,
    atMostCost,
    notBelowLarge,
    folds,
    seed,
    samples,
    prices,
    labels: flags.labels ? "gold" : "large",
    unit: flags.usd ? "usd" : "tokens",
    stages: flags.stages?.map(readStages),
  }) as CalibrateOptions;
  // Before a file is looked for: a wrong flag is the first thing to be told.
  parseCalibrate(options, flagWords(typed, "calibrate"));
  const { recorded } = await openRecording({ ...flags, limit: undefined });
  const found = calibrate(recorded, { ...options, prices: recordedPrices(prices, recorded) });
  write(out, `${JSON.stringify(found, null, 2)}\n`);
  if (flags.json) return printJson(found);
  process.stdout.write(visible(calibrationText(found)));
  note(visible(`\nWritten to ${out}. ${asTyped(`Use it: cope solve --calibration ${quoted(out)} "…"`)}`));
}

/** Writes a file whole or not at all. */
function write(file: string, text: string): void {
  const part = `${file}.part-${process.pid}`;
  try {
    writeFileSync(part, text);
    renameSync(part, file);
  } catch (cause) {
    rmSync(part, { force: true });
    const full = (cause as NodeJS.ErrnoException).code === "ENOSPC";
    const reason = `${file} cannot be written: ${(cause as Error).message}.`;
    throw new CopeError(full ? "DISK_FULL" : "OPTIONS_INVALID", reason, "name another file with --out.", { cause });
  }
}
