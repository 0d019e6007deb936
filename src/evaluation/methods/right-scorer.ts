import { createHash } from "node:crypto";
import LogisticRegression from "ml-logistic-regression";
import { Matrix } from "ml-matrix";

/** An answer as a scorer sees it. */
export interface Vector {
  problem: string;
  vector: readonly number[];
  /** Null where there is nothing to grade by: it can be scored, and not trained on. */
  right: boolean | null;
  /** What made the vector, as `provider:model`. */
  model: string;
}

/** The chance that an answer is right, 0 … 1, by its vector. */
export type Scorer = (vector: readonly number[]) => number;

/**
 * Steps of gradient descent from zero. Their number is the regularisation: stopped early, it shrinks weights as an L2
 * penalty of about 1 / (rate × steps) does (Ali, Kolter and Tibshirani, arXiv 1810.10082, for least squares).
 */
const STEPS = 100;

/**
 * Trains a logistic regression on standardised vectors. Where all answers are right, or all wrong, it is their share.
 *
 * @param examples - graded ones, at least one, of equal length
 */
export function trainScorer(examples: readonly Vector[]): Scorer {
  const rights = examples.filter(({ right }) => right).length;
  if (rights === 0 || rights === examples.length) return () => rights / examples.length;
  const all = new Matrix(examples.map(({ vector }) => [...vector]));
  const means = all.mean("column");
  const deviations = all.standardDeviation("column", { unbiased: false });
  // Rows of about unit length, with a constant: no step is then too long, whatever the length of vectors.
  const scale = deviations.map((deviation) => deviation * Math.sqrt(means.length));
  const features = (vectors: readonly (readonly number[])[]) =>
    new Matrix(
      vectors.map((vector) => [...vector.map((x, i) => (scale[i]! > 0 ? (x - means[i]!) / scale[i]! : 0)), 1]),
    );
  const regression = new LogisticRegression({ numSteps: STEPS, learningRate: 2 / examples.length });
  const labels = Matrix.columnVector(examples.map(({ right }) => Number(right)));
  regression.train(features(examples.map(({ vector }) => vector)), labels);
  // One classifier for each label; that of 0 says how likely an answer is not wrong.
  const [notWrong] = regression.classifiers;
  return (vector) => notWrong!.testScores(features([vector]))[0]!;
}

/**
 * Scorers by problem, none of which has seen the grade of a problem that it scores: problems fall into folds by a hash of
 * their ids, and each fold is scored by what was trained on the others.
 *
 * @param examples - graded ones
 * @returns undefined for a problem where no other fold has an example
 */
export function crossFit(examples: readonly Vector[], folds: number): (problem: string) => Scorer | undefined {
  const trained = new Map<number, Scorer | undefined>();
  return (problem) => {
    const fold = foldOf(problem, folds);
    if (!trained.has(fold)) {
      const others = examples.filter((example) => foldOf(example.problem, folds) !== fold);
      trained.set(fold, others.length > 0 ? trainScorer(others) : undefined);
    }
    return trained.get(fold);
  };
}

/** The fold of a problem, 0 … folds − 1: a function of its id alone. */
export function foldOf(problem: string, folds: number): number {
  return createHash("sha256").update(`fold/${problem}`).digest().readUInt32BE(0) % folds;
}
