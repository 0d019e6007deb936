import { CopeError } from "../errors.js";
import type { CalibrateOptions } from "../evaluation/calibrate/options.js";
import type { CalibrateFlags } from "./calibrate-flags.js";
import { defined, numberOf, priceOf } from "./flags.js";
import { readStages } from "./stages-file.js";

/**
 * Parses the flags that `calibrate` takes. Numbers that are none are told as they were typed.
 *
 * @throws CopeError `OPTIONS_INVALID`, naming the flag; `FILE_NOT_FOUND` and `FILE_BROKEN` for `--stages`
 */
export function parseCalibrateFlags(flags: CalibrateFlags): CalibrateOptions {
  const share = flags.atMostCost?.trim().endsWith("%");
  const options = {
    atLeastAccuracy: number("at-least-accuracy", flags.atLeastAccuracy),
    atMostCost: share ? flags.atMostCost!.trim() : number("at-most-cost", flags.atMostCost),
    notBelowLarge: number("not-below-large", flags.notBelowLarge),
    labels: flags.labels ? "gold" : "large",
    unit: flags.usd ? "usd" : "tokens",
    prices: pricesOf(flags.price),
    folds: number("folds", flags.folds),
    seed: number("seed", flags.seed),
    samples: flags.samples?.split(",").map((part) => number("samples", part)!),
    stages: flags.stages.map(readStages),
  } as const;
  return defined(options) as CalibrateOptions;
}

/** Prices by `provider:model`, as `--price` gives them. @throws CopeError OPTIONS_INVALID */
export const pricesOf = (given: readonly string[]): Record<string, { input: number; output: number }> =>
  Object.fromEntries(given.map((one) => priceOf(one)));

/** A number; undefined where the flag is not there. @throws CopeError OPTIONS_INVALID */
export function number(flag: string, text: string | undefined): number | undefined {
  const value = numberOf(text);
  if (Number.isNaN(value)) throw wrong(flag, "a number is needed", text!);
  return value;
}

function wrong(flag: string, needed: string, given: string): CopeError {
  return new CopeError(
    "OPTIONS_INVALID",
    `calibrate: --${flag}: ${needed}, "${given}" is given.`,
    "see `cope calibrate --help`.",
  );
}
