import { Command } from "commander";
import type { CalibrateFlags } from "./calibrate-flags.js";
import { many } from "./flags.js";

/** `cope calibrate`: stages and thresholds for one's own data, and whether they still hold. `done` is told the exit code. */
export function calibrateCommand(done: (exit: number) => void): Command {
  return new Command("calibrate")
    .description("choose stages, samples and thresholds for your data from a recording, without a call")
    .option("--tape <file>", "the recording, or an export of it (default: the newest under ./runs)")
    .option("--recording <id>", "which recording of the tape (default: the one begun last)")
    .option("--data <file>", "data set that grades values which are read otherwise today")
    .option("--at-least-accuracy <x>", "the least cost at an accuracy of at least x, 0 to 1")
    .option("--at-most-cost <y>", "the best accuracy at a cost of at most y a problem, or 55% of the large model alone")
    .option("--not-below-large <points>", "the least cost shown to be at most so many points below the large model")
    .option("--no-labels", "take agreement with the large model's own answers for accuracy")
    .option("--usd", "count dollars of all calls instead of the large model's tokens")
    .option("--price <model=in,out>", "US dollars per million tokens of a model (repeatable)", many, [])
    .option("--folds <k>", "parts of the data, each scored by the choice of the others (default: 5)")
    .option("--seed <s>", "seed of the folds and intervals (default: 0)")
    .option("--samples <n1,n2>", "values of n to try (default: 2, 4, 6, 8, … as far as recorded)")
    .option("--stages <file.json>", "a stage list of your own to compare with (repeatable)", many, [])
    .option("--out <file>", "where to (default: calibration.json)")
    .option("--check <file>", "hold --calibration against new data: a data set, a tape, or an export")
    .option("--calibration <file>", "what --check holds against it (default: calibration.json)")
    .option("--small <model>", "the small model of --check on a data set (default: the calibration's)")
    .option("--large <model>", "the large model of --check on a data set (default: the calibration's)")
    .option("--limit <n>", "at most so many problems of --check on a data set")
    .option("--json", "one JSON document on stdout")
    .addHelpText(
      "after",
      '\nExample: cope eval --data mine.jsonl --methods large,cope,cope:s2s3,majority --all-draws\n         cope calibrate --at-least-accuracy 0.9\n         cope solve --calibration calibration.json "…"\nLater:   cope calibrate --check new.jsonl --calibration calibration.json',
    )
    .action(async (flags: CalibrateFlags) => {
      const { calibrateRun } = await import("./calibrate-run.js");
      done(await calibrateRun(flags));
    });
}
