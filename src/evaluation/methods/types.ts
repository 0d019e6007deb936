import type { Draw } from "../draw.js";
import type { Given, Series } from "../series.js";
import type { View } from "../view.js";

/** A draw that a method needs before it can go on. */
export interface Wanted {
  series: Series;
  given: Given;
  index: number;
}

/** How one stage of a method ended. */
export interface StageOutcome {
  name: string;
  /** The leading answer; null where nothing was readable. */
  value: string | null;
  /** Whether the leading answer is right; null where nothing was readable, there is nothing to grade by, or nobody could tell. */
  right: boolean | null;
  /** Comparing the leading answer with what grades it could not be finished. */
  gradeUnknown?: true | undefined;
  /** 0 … 1; null where the stage measures none. */
  confidence: number | null;
  decision: "accept" | "escalate" | "last";
  /** Samples drawn. */
  drawn: number;
  /** Samples among them whose answer class hangs on a comparison that could not be finished; absent where there are none. */
  unknown?: number | undefined;
  /** The stage without a guideline that a guided one did not repeat, by position; `guarded`: the harm guard kept it out. */
  flip?: { before: number; guarded: boolean };
}

/** How a method ended on one problem. */
export interface Outcome {
  /** The answer; null where none could be read. */
  value: string | null;
  /** Null where there is nothing to grade by, nobody could tell, or every call that could have answered failed. */
  right: boolean | null;
  /** Comparing the answer with what grades it could not be finished: it counts neither as right nor as wrong. */
  gradeUnknown?: true | undefined;
  /** `unreadable` counts as wrong and is shown apart; `failed` (no call was answered) is never counted as wrong. */
  status: "answered" | "unreadable" | "failed";
  /** Name of the stage that answered. */
  ended: string;
  /** Confidence of the stage that answered; null where it measures none. */
  confidence: number | null;
  /** The last stage, where an earlier one's leader answers in its place. */
  fallbackFrom?: string;
  stages: readonly StageOutcome[];
  /** Every draw the method paid for, wave by wave: those of a wave are drawn together. */
  waves: readonly (readonly Draw[])[];
}

/** What a method says of the draws so far: what it needs next, or how it ended. */
export type Step = { wanted: readonly Wanted[] } | { outcome: Outcome };

/** What all problems together say, before a method that depends on it decides. */
export interface Together {
  /** One for each problem, with what the method's first pass asked for. */
  views: readonly View[];
  /** How the methods ended that depend on no other problem, by name, in the order of their making. */
  outcomes: ReadonlyMap<string, readonly Outcome[]>;
}

/**
 * One way of answering a problem, as a pure function of its draws: asked again whenever what it wanted is there. The same
 * function runs live, resumes, and replays; and what several methods want is drawn once.
 */
export interface Method {
  name: string;
  /** One line for tables. */
  about: string;
  /** All that it may draw from: what is checked before anything is drawn. */
  series: readonly Series[];
  /** What it needs next of a problem, or how it ended there. */
  decide(view: View): Step;
  /** The same method under other thresholds or waves: what a recording of all draws must also be able to replay. */
  variants?(): readonly Method[];
  /**
   * Only of a method that depends on all problems: a control with the rate of another method, a scorer trained on grades. The
   * method as they make it, which is to be asked then. Until that `decide` asks for what is needed of each problem, and ends
   * as the method's cheap step would: such outcomes are for no table.
   */
  complete?(together: Together): Method;
}
