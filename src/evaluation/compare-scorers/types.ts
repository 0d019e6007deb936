import type { Draw } from "../draw.js";
import type { View } from "../view.js";

/** What every scorer may look at: the planned samples of one stage of one problem. */
export interface Evidence {
  problem: string;
  /** The stage's samples in index order, as many as are planned. */
  draws: readonly Draw[];
  /** For each sample the position of its answer class, `UNREADABLE` or `UNKNOWN`. */
  labels: readonly number[];
  /** Votes of the classes, in order of first appearance. */
  counts: readonly number[];
  /** The first sample of the leading answer; undefined where nothing was readable. */
  leader: Draw | undefined;
  /** Everything else that is recorded of the problem. */
  view: View;
}

/** What a scorer says of a problem. */
export interface Score {
  /** Larger is more confident. */
  score: number;
  /** Draws that had to be made for it, the stage's own included. */
  draws: number;
  /** The sample whose answer it is confident in. @default the vote's leader */
  leader?: Draw | undefined;
}

/** One confidence: a plain function of recorded draws. */
export interface ComparedScorer {
  name: string;
  /** One line for tables. */
  about: string;
  /** Its score claims to be the chance that the answer is right, 0 … 1. */
  probability: boolean;
  /** Least score that accepts; `as base`: that which accepts as many problems as the base does (the vote, or what open text is judged by), as far as it can. */
  threshold: number | "as base";
  /** Counts equal answers: says nothing of open text, where no two texts are the same. */
  votes?: true;
  /** Says nothing of answers on purpose: what a confidence must beat. */
  control?: true;
  /** Undefined where what it reads is not recorded. */
  score(evidence: Evidence): Score | undefined;
  /** What it reads beside the samples, for the line that says what is not recorded. */
  reads?: string;
}
