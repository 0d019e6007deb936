import { readFileSync } from "node:fs";
import { CopeError } from "../errors.js";
import type { CalibrateOptions } from "../evaluation/calibrate/options.js";
import type { StageInput } from "../state/stage.js";
import type { CalibrateFlags } from "./calibrate-flags.js";

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
    stages: flags.stages.map(stagesOf),
  } as const;
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as CalibrateOptions;
}

/** Prices by `provider:model`, as `--price` gives them. @throws CopeError OPTIONS_INVALID */
export function pricesOf(given: readonly string[]): Record<string, { input: number; output: number }> {
  return Object.fromEntries(
    given.map((text) => {
      const at = text.lastIndexOf("=");
      const [input, output, more] = text.slice(at + 1).split(",");
      if (at < 1 || output === undefined || more !== undefined) {
        throw wrong("price", "provider:model=input,output is needed", text);
      }
      return [text.slice(0, at), { input: number("price", input)!, output: number("price", output)! }];
    }),
  );
}

/** A number; undefined where the flag is not there. @throws CopeError OPTIONS_INVALID */
export function number(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (Number.isNaN(value)) throw wrong(flag, "a number is needed", text);
  return value;
}

function wrong(flag: string, needed: string, given: string): CopeError {
  return new CopeError(
    "OPTIONS_INVALID",
    `calibrate: --${flag}: ${needed}, "${given}" is given.`,
    "see `cope calibrate --help`.",
  );
}

function stagesOf(file: string): readonly StageInput[] {
  const remedy = "give a file with a JSON list of stages.";
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new CopeError("FILE_NOT_FOUND", `${file} cannot be read: ${(cause as Error).message}.`, remedy, { cause });
  }
  try {
    const parsed: unknown = JSON.parse(text);
    if (Array.isArray(parsed)) return parsed as StageInput[];
  } catch (cause) {
    throw new CopeError("FILE_BROKEN", `${file} holds no JSON.`, remedy, { cause });
  }
  throw new CopeError("FILE_BROKEN", `${file} holds no list of stages.`, remedy);
}
