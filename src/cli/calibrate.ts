import {
  command,
  firstTyped,
  json,
  kebab,
  many,
  number,
  numberOf,
  numbers,
  off,
  on,
  parse,
  pricesOf,
  recordingFlags,
  text,
  wrong,
  type Done,
  type Prices,
  type Typed,
  type Values,
} from "./flags.js";

// Ranges are checked where the library's `calibrate` takes its options.
const flags = {
  ...recordingFlags,
  tape: text("<file>", "the recording, or an export of it (default: the newest under ./runs)"),
  atLeastAccuracy: number("<x>", "the least cost at an accuracy of at least x, 0 to 1"),
  atMostCost: text(
    "<y>",
    "the best accuracy at a cost of at most y a problem, or 55% of the large model alone",
    ({ z }) => z.custom<number | string>((cost) => !Number.isNaN(cost), "a number is needed"),
    (cost) => (cost.trim().endsWith("%") ? cost.trim() : numberOf(cost)),
  ),
  notBelowLarge: number("<points>", "the least cost shown to be at most so many points below the large model"),
  labels: off("take agreement with the large model's own answers for accuracy"),
  usd: on("count dollars of all calls instead of the large model's tokens"),
  price: many<Prices>(
    "<role=in,out>",
    "US dollars per million tokens of a role's model, or of a model by name (repeatable)",
    undefined,
    (typed) => pricesOf(typed),
  ),
  folds: number("<k>", "parts of the data, each scored by the choice of the others (default: 5)"),
  seed: number("<s>", "seed of the folds and intervals (default: 0)"),
  samples: numbers("<n1,n2>", "values of n to try (default: 2, 4, 6, 8, … as far as recorded)"),
  stages: many("<file.json>", "a stage list of your own to compare with (repeatable)"),
  out: text("<file>", "where to (default: calibration.json)"),
  check: text("<file>", "hold --calibration against new data: a data set, a tape, or an export"),
  calibration: text("<file>", "what --check holds against it (default: calibration.json)"),
  small: text("<model>", "the small model of --check on a data set (default: the calibration's)"),
  large: text("<model>", "the large model of --check on a data set (default: the calibration's)"),
  limit: number("<n>", "at most so many problems of --check on a data set"),
  json,
};

/** What `cope calibrate` is given, and how errors name it. */
export type CalibrateFlags = Values<typeof flags>;

/** The file that is written, and checked, where none is named. */
const FILE = "calibration.json";

/** `cope calibrate`: stages and thresholds for one's own data, and whether they still hold. `done` is told the exit code. */
export const calibrateCommand = (done: Done) =>
  command(
    {
      name: "calibrate",
      about: "choose stages, samples and thresholds for your data from a recording, without a call",
      flags,
      example:
        'Example: cope eval --data mine.jsonl --methods large,cope,cope:s2s3,majority --all-draws\n         cope calibrate --at-least-accuracy 0.9\n         cope solve --calibration calibration.json "…"\nLater:   cope calibrate --check new.jsonl --calibration calibration.json',
      async run(typed) {
        refuseUnused(typed);
        const options = await parse("calibrate", flags, typed);
        const { check, calibration = FILE, out = FILE } = options;
        if (check !== undefined)
          return (await import("./calibrate-check.js")).checkCalibration({ ...options, check, calibration });
        return (await import("./calibrate-run.js")).writeCalibration({ ...options, out }, typed);
      },
    },
    done,
  );

const CHOOSING = ["atLeastAccuracy", "atMostCost", "notBelowLarge", "usd", "folds", "seed", "samples", "out"] as const;

/** Flags that would be passed over in silence. */
function refuseUnused(typed: Typed<typeof flags>): void {
  const refuse = (reason: string, remedy: string) => wrong(`calibrate: ${reason}`, remedy);
  if (typed.check !== undefined) {
    const odd = typed.stages ? "stages" : typed.labels ? firstTyped(typed, CHOOSING) : "no-labels";
    if (odd)
      throw refuse(`--check takes all but new data from the calibration, not --${kebab(odd)}.`, "leave one out.");
    return;
  }
  const odd = firstTyped(typed, ["calibration", "small", "large", "limit"]);
  if (odd) throw refuse(`--${odd} goes with --check alone.`, "add --check FILE, or name the file to write with --out.");
  if (typed.price && !typed.usd) throw refuse("--price prices nothing without --usd.", "add --usd, or leave it out.");
}
