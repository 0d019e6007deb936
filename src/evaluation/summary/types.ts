import type { ReliabilityBin } from "../numbers/calibration-error.js";
import type { Flips } from "../numbers/flips.js";
import type { Interval } from "../numbers/interval.js";
import type { Mean } from "../numbers/mean.js";
import type { Comparison } from "../numbers/noninferior.js";
import type { Ratio } from "../numbers/ratio.js";
import type { RiskCoveragePoint } from "../numbers/risk-coverage.js";
import type { Recording } from "../store.js";
import type { VisibleChecks } from "./visible-checks.js";

/** How many of how many, and where the share may lie (Wilson, 95 %). */
export interface Share {
  count: number;
  of: number;
  /** 0 … 1; null of none. */
  share: number | null;
  interval: Interval;
}

/**
 * What a problem took, as means over the problems in which some call was answered. Draws that came from the tape are
 * charged as if fresh. A mean is null as soon as one of its values is unknown.
 */
export interface Costs {
  /** Input + 4 × output tokens of the role `large`. */
  large: Mean;
  /** Its part for goals and guidelines. */
  largePlans: number | null;
  /** Its part for answers. */
  largeAnswers: number | null;
  /** Sum of `large` over that of the method `large`, on problems that both have. */
  toLarge: Ratio | null;
  /** Input + output tokens of the role `small`. */
  smallTokens: Mean;
  /** Input + output tokens of every role, each times its parameters in billions. */
  weightedTokens: Mean;
  /** Answered calls by role. */
  calls: Readonly<Record<string, number>>;
  /** Each wave takes as long as its slowest draw took in the company in which it was drawn; waves follow each other. */
  seconds: Mean;
  /** US dollars, every role's calls. Models on one's own machine cost nothing unless a price is given. */
  usd: Mean;
}

/** A method's line in tables. */
export interface MethodRow {
  name: string;
  about: string;
  /** Problems counted: those that can be graded and in which some call was answered. */
  n: number;
  right: number;
  /** 0 … 1; null where nothing is counted. */
  accuracy: number | null;
  interval: Interval;
  /** Counted as wrong: something was answered, and nothing could be read from it. */
  unreadable: number;
  /** Not counted: no call was answered. */
  failed: number;
  /** Not counted: answered, and nothing to grade by. */
  ungraded: number;
  /** Not counted: answered, and comparing the answer with what grades it could not be finished, or its grade is not known any more. */
  unknown: number;
  /** Held against the method `large` on the problems that both count; null where that is not among the methods, or is this one. */
  comparison: Comparison | null;
  costs: Costs;
}

/** The problems that a stage answered. */
export interface StageEnd {
  stage: string;
  /** All of them, also those that cannot be graded. */
  problems: number;
  /** Of those that can be graded, the right ones. */
  right: Share;
  /** Answered in place of a later stage from which nothing could be read. */
  fallbacks: number;
}

/**
 * How a stage's confidence goes with whether its leading answer is right, over the problems that reached the stage and can
 * be graded. With early stop, confidence is what was certain when the stage stopped: a lower bound of what all its samples
 * would have given.
 */
export interface StageConfidence {
  stage: string;
  n: number;
  auroc: number | null;
  aurocInterval: Interval | null;
  /** Expected calibration error, 10 bins. */
  ece: number | null;
  bins: ReliabilityBin[];
  /** False and true positive rates by falling threshold, from [0, 0] to [1, 1]; empty where all are right or all wrong. */
  roc: [falsePositive: number, truePositive: number][];
  riskCoverage: RiskCoveragePoint[];
  aurc: number | null;
  /** Accepted of those that reached the stage; null in a last stage, which accepts nothing. */
  coverage: Share | null;
  /** Right among the accepted; null in a last stage. */
  accepted: Share | null;
}

/** What became of a stage's leading answers where the method went on. */
export interface StageFlips extends Flips {
  from: string;
  /** The next stage's leading answer, or `answer`: the method's. */
  to: string;
}

/** What the frontier of the other methods gives where this one stands: null outside of what they measured. */
export interface EqualCost {
  /** Their accuracy at this method's large-model cost. */
  accuracyAtCost: number | null;
  /** Their large-model cost at this method's accuracy. */
  costAtAccuracy: number | null;
}

/** All figures of one method. */
export interface MethodSummary extends MethodRow {
  ends: StageEnd[];
  confidence: StageConfidence[];
  flips: StageFlips[];
  equal: EqualCost;
  /** Whether no other method is as accurate for less, or more accurate for the same. */
  onFrontier: boolean;
}

/** The same lines for a part of the problems. */
export interface Part {
  /** Value of the field by which problems are parted. */
  value: string;
  problems: number;
  methods: MethodRow[];
}

/** Everything that tables and charts of an evaluation show, as plain JSON. */
export interface Summary {
  version: 1;
  recording: Recording;
  problems: number;
  /** Percentage points that may be lost against the large model. */
  marginPoints: number;
  methods: MethodSummary[];
  /** Ids of problems with samples that some method could not compare; absent where there are none. */
  uncompared?: string[];
  /** Where samples were run: problems whose visible checks tell nothing. */
  checks?: VisibleChecks;
  /** Where programs were run: how many draws each sandbox ran. */
  sandboxes?: Readonly<Record<string, number>>;
  /** Problems parted by a field of their `about`. */
  parts: { by: string; of: Part[] }[];
}
