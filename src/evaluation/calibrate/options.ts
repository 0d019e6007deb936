import { z } from "zod";
import { CopeError } from "../../errors.js";
import { parseOptions, type FieldWords } from "../../options-error.js";
import type { CalibrationGoal } from "../../state/calibration.js";
import { Price } from "../../state/options.js";
import type { StageInput } from "../../state/stage.js";

const CalibrateShape = z.strictObject({
  /** The least cost at which accuracy is at least this share, 0 … 1. */
  atLeastAccuracy: z.number().min(0).max(1).optional(),
  /** The best accuracy at a mean cost a problem of at most this: a number in `unit`, or `"55%"` of the large model alone. */
  atMostCost: z
    .union([
      z.number().min(0),
      z.string().regex(/^\d+(\.\d+)?\s*%$/, 'a number, or a share of the large model alone such as "55%", is needed'),
    ])
    .optional(),
  /** The least cost at which accuracy is shown not to be below the large model's by more than this many points. */
  notBelowLarge: z.number().min(0).max(100).optional(),
  /** `large`: agreement with the large model's own answers stands for accuracy, where there are no labels. @default "gold" */
  labels: z.enum(["gold", "large"]).default("gold"),
  /** What cost is counted in: the large model's input + 4 × output tokens, or dollars of all calls. @default "tokens" */
  unit: z.enum(["tokens", "usd"]).default("tokens"),
  /** Own prices by `provider:model`, USD per million tokens, for `unit: "usd"`. */
  prices: z.record(z.string(), Price).default({}),
  /** Parts of the data; each is scored by the choice of the others. @default 5 */
  folds: z.int().min(2).default(5),
  /** Seed of the folds and of the bootstrap. @default 0 */
  seed: z.int32().default(0),
  /** Values of n to try, each at least 2: one sample is no vote. @default 2, 4, 6, 8, 12, … and all that are recorded */
  samples: z.array(z.int().min(2).max(256)).min(1).optional(),
  /** Stage lists of your own, beside those that are put together from the known stages. */
  stages: z.array(z.custom<readonly StageInput[]>(Array.isArray, "a list of stages is needed")).default([]),
});

/** What a calibration is to reach, and how: exactly one of `atLeastAccuracy`, `atMostCost` and `notBelowLarge`. */
export type CalibrateOptions = z.input<typeof CalibrateShape>;

/**
 * Parses the options and says the goal in one form.
 *
 * @param words - how errors name the options. @default as they are named in code
 * @throws CopeError OPTIONS_INVALID
 */
export function parseCalibrate(
  options: CalibrateOptions,
  words?: FieldWords,
): z.output<typeof CalibrateShape> & { goal: CalibrationGoal } {
  const parsed = parseOptions(CalibrateShape, options, "calibrate", words);
  return { ...parsed, goal: goalOf(parsed) };
}

function goalOf({ atLeastAccuracy, atMostCost, notBelowLarge }: z.output<typeof CalibrateShape>): CalibrationGoal {
  const given = [atLeastAccuracy, atMostCost, notBelowLarge].filter((one) => one !== undefined);
  if (given.length !== 1) {
    const reason = given.length === 0 ? "calibrate: there is no goal." : "calibrate: more than one goal is given.";
    const remedy =
      "give exactly one of --at-least-accuracy (atLeastAccuracy), --at-most-cost (atMostCost) and --not-below-large (notBelowLarge).";
    throw new CopeError("OPTIONS_INVALID", reason, remedy);
  }
  if (atLeastAccuracy !== undefined) return { kind: "at-least-accuracy", accuracy: atLeastAccuracy };
  if (notBelowLarge !== undefined) return { kind: "not-below-large", points: notBelowLarge };
  return typeof atMostCost === "number"
    ? { kind: "at-most-cost", cost: atMostCost, of: "absolute" }
    : { kind: "at-most-cost", cost: Number.parseFloat(atMostCost!) / 100, of: "large" };
}

/** The goal in words. */
export function goalWords(goal: CalibrationGoal): string {
  switch (goal.kind) {
    case "at-least-accuracy":
      return `an accuracy of at least ${goal.accuracy}`;
    case "at-most-cost":
      return goal.of === "large"
        ? `a cost of at most ${+(100 * goal.cost).toFixed(2)} % of the large model alone`
        : `a cost of at most ${goal.cost}`;
    case "not-below-large":
      return `an accuracy shown to be at most ${goal.points} points below the large model alone`;
  }
}
