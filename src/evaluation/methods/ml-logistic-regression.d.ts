/** What is used here of ml-logistic-regression; the package brings no types. */
declare module "ml-logistic-regression" {
  import type { Matrix } from "ml-matrix";

  export default class LogisticRegression {
    constructor(options?: { numSteps?: number; learningRate?: number });
    /** Labels are 0, 1, … */
    train(features: Matrix, labels: Matrix): void;
    /** By label; its `testScores` are the chances of any other label. */
    classifiers: { testScores(features: Matrix): number[] }[];
  }
}
