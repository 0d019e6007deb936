import type { AnyFamily } from "../families/types.js";
import type { Method, Outcome } from "./methods/types.js";
import type { ModelOptions } from "./models.js";
import type { Problem } from "./problem.js";
import type { SpendingLimits } from "./spending.js";
import type { Recording } from "./store.js";
import type { WorstBill } from "./worst.js";

/** What is evaluated, and how. */
export interface EvaluateOptions extends ModelOptions {
  /** Name of the data set, for the recording. */
  data: string;
  problems: readonly Problem[];
  methods: readonly Method[];
  /** File of the tape: recorded calls and draws, gone on with where it is there. */
  tape: string;
  /** Name of a family, or one's own. @default the problems' */
  family?: string | AnyFamily;
  /** Integer >= 0: every draw's seed derives from it. @default 0 */
  seed?: number;
  /** Record everything that other thresholds and waves of the methods would need, too. @default false */
  allDraws?: boolean;
  /** Ask for log-probabilities with every sample. @default false */
  logprobs?: boolean;
  /** Problems under way at once: more of them fill larger batches. @default 4 */
  atOnce?: number;
  /** What this process may do; absent limits do not bind. */
  limits?: EvaluationLimits;
  /** Told before the first call, when all models are open. */
  onBegin?: (begun: Begun) => void;
  /** Told after each batch of problems. */
  onProgress?: (progress: Progress) => void;
}

/** Limits of one process. What it did not come to is gone on with by the next. */
export interface EvaluationLimits extends SpendingLimits {
  /** No problem is begun after so many minutes. */
  minutes?: number;
}

/** What an evaluation is about to do. */
export interface Begun {
  recording: Recording;
  /** What it costs at the most, if nothing were on the tape. */
  worst: WorstBill;
}

/** How far an evaluation is. */
export interface Progress {
  done: number;
  total: number;
  /** Since this process began, milliseconds. */
  ms: number;
  /** Problems for which a model had to be asked, and how long they took: what the rest can be projected from. */
  fresh: { problems: number; ms: number };
  /** Attempts at calls by this process, and US dollars for them; null where a price is unknown. */
  spent: { calls: number; usd: number | null };
  /** Outcomes so far, by method. */
  outcomes: ReadonlyMap<string, readonly Outcome[]>;
}

/** What an evaluation ends with: everything else is computed from it. */
export interface Evaluation {
  recording: Recording;
  /** Those that were done, in the order given, but first turns of conversations before second ones. */
  problems: readonly Pick<Problem, "id" | "about">[];
  /** The same as they were asked, second turns with their conversation; absent where an evaluation was read from a tape. */
  asked?: readonly Problem[];
  /** By method, in the order of `problems`. */
  outcomes: ReadonlyMap<string, readonly Outcome[]>;
  methods: readonly Method[];
  /** Names of methods that depend on all problems, for which the limits left nothing: they are not among `methods`. */
  unfinished?: readonly string[];
  /** Ids of second turns that are not among `problems`, since the large model did not answer the first. */
  unasked?: readonly string[];
  /** Which limit ended it before all problems and methods were done. */
  stopped?: "minutes" | "budget";
}

/** After so many problems there is something to project from, and a broken set-up shows. */
export const FIRST = 5;
