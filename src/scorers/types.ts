import type { AbilityName } from "../models/abilities.js";
import type { Json } from "../state/json.js";
import type { Sample, SampleId } from "../state/sample.js";

/**
 * Whether two values read from samples are the same answer; undefined where that could not be found out (a limit of time was
 * reached): unknown is neither the same nor different. Need not be transitive: `scorers` never assume it.
 */
export type Same = (a: Json, b: Json) => boolean | undefined | Promise<boolean | undefined>;

/** What a scorer may know about the draw beside the samples themselves. */
export interface Draw {
  /** How many samples the stage will have when all are drawn, n >= samples.length. */
  planned: number;
  same: Same;
}

/**
 * What a scorer says of the samples drawn so far: an interval in which the final confidence must end, whatever the draws to
 * come say, and whatever is true of comparisons that could not be finished (`Same` answers undefined). A sample whose answer
 * hangs on one of these counts as a draw still to come, for good: not for `low`, in full for `high`, and against a `winner`.
 * `low === high` once all planned samples are there and nothing is unknown.
 */
export interface Confidence {
  /** Between 0 and 1. */
  low: number;
  /** Between `low` and 1. */
  high: number;
  /**
   * The sample that wins whatever the draws to come say, and whatever is true of what is unknown; absent while these could change
   * it, or when nothing was readable.
   */
  winner?: SampleId;
  /** The best sample so far; absent when nothing was readable. */
  leader?: SampleId;
  /** One sentence for a person: the evidence, not the decision. */
  why: string;
}

/** How all planned draws would decide, as a chance given the draws so far. */
export interface Chances {
  /** That they would accept the answer that leads now, 0 … 1. */
  accept: number;
  /** That they would escalate, 0 … 1. */
  escalate: number;
}

/** What a stage may stop by, beside certainty: see `Stage.execute.stop`. */
export interface StopRule {
  /** Stop when the chance that all planned draws would decide otherwise is under this, 0 … 1. 0: only when it is certain. */
  chance: number;
}

/** How many further draws could settle the stage either way, at the least. */
export interface Missing {
  /** Least number of further draws after which the stage could accept, whatever comes later. */
  toAccept: number;
  /** Least number of further draws after which no acceptance is possible any more. */
  toEscalate: number;
}

/**
 * Turns samples into confidence. A plain function of its arguments; the threshold belongs to the stage.
 * `samples` come in index order, 0 … drawn-1 without gaps, failed and unreadable ones included.
 */
export interface Scorer {
  (samples: readonly Sample[], draw: Draw): Confidence | Promise<Confidence>;
  /** Lets waves be as small as possible. Without it a stage draws all its samples at once. */
  missing?(samples: readonly Sample[], draw: Draw & { threshold: number; stop?: StopRule }): Missing | Promise<Missing>;
  /** Lets a stage stop when its decision is likely enough: how all planned draws would decide, as chances. */
  chances?(samples: readonly Sample[], draw: Draw & { threshold: number }): Chances | Promise<Chances>;
  /**
   * What it needs of the model that draws the samples, checked before any call: with `logprobs` every sample carries the
   * log-probabilities of its tokens. @default nothing
   */
  readonly needs?: readonly AbilityName[];
}
