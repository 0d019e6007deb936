import { z } from "zod";
import { Stage } from "./stage.js";

/** Where a figure may lie: two-sided, 95 %. */
const Range = z.tuple([z.number(), z.number()]);

/** A mean over problems with its interval; null with fewer than two problems. */
const Figure = z.object({ mean: z.number(), interval: Range.nullable() });

/** What a calibration was asked for. */
export const CalibrationGoal = z.discriminatedUnion("kind", [
  /** The least cost at which accuracy is at least this share. */
  z.object({ kind: z.literal("at-least-accuracy"), accuracy: z.number().min(0).max(1) }),
  /** The best accuracy at a mean cost a problem of at most this, or at most this share of the large model alone. */
  z.object({
    kind: z.literal("at-most-cost"),
    cost: z.number().min(0),
    of: z.enum(["absolute", "large"]),
  }),
  /** The least cost at which accuracy is not below the large model alone by more than a margin in percentage points. */
  z.object({ kind: z.literal("not-below-large"), points: z.number().min(0).max(100) }),
]);
export type CalibrationGoal = z.infer<typeof CalibrationGoal>;

/** What one chosen stage did on the problems of the recording. */
export const StageBought = z.object({
  name: z.string(),
  /** Problems that came to it. */
  reached: z.number().int(),
  /** Problems that ended there. */
  settled: z.number().int(),
  /** Of those, answered right. */
  right: z.number().int(),
  /** Of those, answered right by the large model alone. */
  largeRight: z.number().int(),
  /** The large model's cost in this stage, summed over the problems that reached it. */
  cost: z.number(),
  /** What the large model alone costs on the problems that ended here, less `cost`; negative where the stage loses. */
  saved: z.number(),
});
export type StageBought = z.infer<typeof StageBought>;

/**
 * What `cope calibrate` found for one's own data: stages, samples, thresholds and guideline style, with what can be expected
 * of them on data they were not chosen on. Plain JSON; `createCope` and `cope solve` take it.
 */
export const Calibration = z.object({
  format: z.literal("langgraph-cope calibration"),
  version: z.literal(1),
  /** ISO 8601. */
  madeAt: z.string(),
  /** What it was chosen on. */
  data: z.object({
    name: z.string(),
    /** SHA-256 of the ids of the problems, family, models and seed of the recording. */
    fingerprint: z.string(),
    problems: z.number().int().min(1),
  }),
  family: z.string(),
  /** `provider:model` by role, and the digest of embedded weights: a calibration holds for these models alone. */
  models: z.record(z.string(), z.object({ name: z.string(), digest: z.string().optional() })),
  /** Seed of the recorded draws. */
  seed: z.number().int(),
  goal: CalibrationGoal,
  /** What accuracy is measured by: the data's own answers, or agreement with the large model's. */
  labels: z.enum(["gold", "large"]),
  /** `tokens`: the large model's input + 4 × output tokens; `usd`: dollars of all calls. A mean a problem in either case. */
  unit: z.enum(["tokens", "usd"]),

  /** The stages in short, for people. */
  name: z.string(),
  /** The stage list, as the option `stages` takes it. */
  stages: z.array(Stage).min(1),
  guideline: z.enum(["method", "critique", "worked"]),

  /** By cross-fitting: for each fold the choice was made on the others. What to expect on unseen data of the same kind. */
  expected: z.object({
    accuracy: Figure,
    cost: Figure,
    /** Accuracy less that of the large model alone, with one-sided 95 % bounds, and what they say of a margin in points. */
    toLarge: z.object({
      difference: z.number(),
      low: z.number(),
      high: z.number(),
      marginPoints: z.number(),
      verdict: z.enum(["non-inferior", "inferior", "undecided"]),
    }),
    folds: z.number().int(),
    /** Folds in which the same stages were chosen, whatever their thresholds. */
    agreeing: z.number().int(),
    /** Folds in which nothing met the goal, and the best reachable was taken. */
    unmet: z.number().int(),
  }),
  /** On the problems it was chosen on: too good to expect. */
  inSample: z.object({ accuracy: z.number(), cost: z.number() }),
  /** In-sample less expected: how much of the figures was luck of the choice. */
  optimism: z.object({ accuracy: z.number(), cost: z.number() }),
  large: z.object({ accuracy: Figure, cost: Figure }),
  /** What each stage did, in order. */
  bought: z.array(StageBought),
  /** Accuracy among accepted answers of the first stage, by threshold; null where its draws are not all recorded. */
  riskCoverage: z
    .object({
      stage: z.string(),
      points: z.array(z.object({ threshold: z.number(), coverage: z.number(), accuracy: z.number() })),
      aurc: z.number().nullable(),
    })
    .nullable(),
  /** What a reader must know: what was left out, and why; how wide the intervals are. */
  notes: z.array(z.string()),
});
export type Calibration = z.infer<typeof Calibration>;
