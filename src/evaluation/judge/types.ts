import type { Mean } from "../numbers/mean.js";
import type { Share } from "../summary/types.js";
import type { Said } from "./prompts.js";

/**
 * What became of a pair: `win`, `loss` and `tie` of the method only where both orders say so; `inconsistent` where they
 * differ; `unreadable` where one of them has no verdict, `failed` where a call was not answered. `same`: both texts are the same
 * one, which is not judged. `missing`: one of the two has no answer.
 */
export type PairResult = "win" | "loss" | "tie" | "inconsistent" | "unreadable" | "failed" | "same" | "missing";

/** One answer held against that of the other method, in both orders. */
export interface PairVerdict {
  problem: string;
  method: string;
  /** Of the method's answer standing first, and second; null where nothing could be read. */
  said: readonly [Said | null, Said | null];
  result: PairResult;
}

/** One answer, graded beside a reference. */
export interface SingleGrade {
  problem: string;
  method: string;
  /** 1 … 10; null where none could be read, or the call was not answered. */
  grade: number | null;
  failed: boolean;
}

/** How a judge finds one method's answers beside those of the other. */
export interface MethodJudgement {
  method: string;
  results: Readonly<Record<PairResult, number>>;
  /** Pairs on which both orders say the same, of those with two verdicts. */
  agreement: Share;
  /** Verdicts for the answer that stands first, of those that choose one: a half where order means nothing. */
  first: Share;
}

/** Grades of one method. */
export interface MethodGrades {
  method: string;
  /** Of the readable grades. */
  mean: Mean;
  unreadable: number;
  failed: number;
}

/** Everything a judge said of an evaluation, as plain JSON. */
export interface Judgements {
  version: 1;
  judge: { role: string; model: string };
  /** The method that all others are compared with. */
  against: string;
  /** Problems that were judged. */
  problems: number;
  methods: MethodJudgement[];
  /** All pairs together. */
  agreement: Share;
  first: Share;
  /** Of problems with a reference. */
  grades: MethodGrades[];
  /** Texts that did not fit and were cut in the middle. */
  cut: number;
  /** Attempts at calls of this process, and US dollars for them; null where a price is unknown. */
  spent: { calls: number; usd: number | null };
  pairs: PairVerdict[];
  single: SingleGrade[];
  /** A limit ended it before all problems were judged. */
  stopped?: "budget";
}
