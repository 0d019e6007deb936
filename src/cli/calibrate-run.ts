import { renameSync, rmSync, writeFileSync } from "node:fs";
import { CopeError } from "../errors.js";
import { calibrate } from "../evaluation/calibrate/calibrate.js";
import { parseCalibrate } from "../evaluation/calibrate/options.js";
import type { CalibrateFlags } from "./calibrate-flags.js";
import { parseCalibrateFlags } from "./calibrate-options.js";
import { calibrationText } from "./calibrate-text.js";
import { EXIT, note, printJson, typed, visible } from "./output.js";
import { quoted } from "./quoted.js";
import { openRecording } from "./replay-run.js";
import { defaultTape } from "./runs-folder.js";
import { flagWords, kebab } from "./flags.js";

/** The file that is written, and checked, where none is named. */
const FILE = "calibration.json";

/** Runs `cope calibrate` and returns the exit code. */
export async function calibrateRun(flags: CalibrateFlags): Promise<number> {
  refuseOdd(flags);
  if (flags.check !== undefined) {
    const { checkRun } = await import("./calibrate-check.js");
    return checkRun({ ...flags, check: flags.check, calibration: flags.calibration ?? FILE });
  }
  const options = parseCalibrateFlags(flags);
  // Before a file is looked for: a wrong flag is the first thing to be told.
  parseCalibrate(options, flagWords(flags, "calibrate"));
  const tape = flags.tape ?? defaultTape();
  const { recording, data } = flags;
  const recorded = await openRecording({ tape, recording, data, limit: undefined });
  const found = calibrate(recorded, options);
  const out = flags.out ?? FILE;
  write(out, `${JSON.stringify(found, null, 2)}\n`);
  if (flags.json) {
    printJson(found);
    return EXIT.done;
  }
  process.stdout.write(visible(calibrationText(found)));
  note(visible(`\nWritten to ${out}. ${typed(`Use it: cope solve --calibration ${quoted(out)} "…"`)}`));
  return EXIT.done;
}

const CHOOSING = ["atLeastAccuracy", "atMostCost", "notBelowLarge", "usd", "folds", "seed", "samples", "out"] as const;
const CHECKING = ["calibration", "small", "large", "limit"] as const;

/** Flags that would be passed over in silence. */
function refuseOdd(flags: CalibrateFlags): void {
  const wrong = (reason: string, remedy: string) => new CopeError("OPTIONS_INVALID", `calibrate: ${reason}`, remedy);
  if (flags.check !== undefined) {
    const list = flags.stages.length > 0 ? "stages" : flags.labels ? undefined : "no-labels";
    const odd = list ?? CHOOSING.find((name) => flags[name] !== undefined);
    if (odd) throw wrong(`--check takes all but new data from the calibration, not --${kebab(odd)}.`, "leave one out.");
    return;
  }
  const odd = CHECKING.find((name) => flags[name] !== undefined);
  if (odd) throw wrong(`--${odd} goes with --check alone.`, "add --check FILE, or name the file to write with --out.");
  if (flags.price.length > 0 && !flags.usd)
    throw wrong("--price prices nothing without --usd.", "add --usd, or leave it out.");
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
