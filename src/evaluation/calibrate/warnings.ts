import type { Calibration } from "../../state/calibration.js";

const points = (share: number) => `${(100 * share).toFixed(0)} points`;

/** What a reader of a calibration must not overlook. */
export function warnings({ expected, goal, labels, data, large, name }: Calibration): string[] {
  const { accuracy, cost, folds, agreeing, unmet, toLarge } = expected;
  const [low, high] = accuracy.interval!;
  const said: string[] = [];
  if (labels === "large") {
    said.push(
      "Accuracy is agreement with the large model's own answers: where it is wrong, agreeing with it counts as right, and a better answer as wrong.",
    );
  }
  if (goal.kind === "at-least-accuracy" && accuracy.mean < goal.accuracy) {
    said.push(
      `On unseen data expect an accuracy of ${accuracy.mean.toFixed(3)}, below the ${goal.accuracy} asked for: it was met on the data of the choice alone. Ask for more than you need, or record more problems.`,
    );
  }
  const most =
    goal.kind === "at-most-cost" ? (goal.of === "large" ? goal.cost * large.cost.mean : goal.cost) : Infinity;
  if (cost.mean > most) {
    said.push(
      `On unseen data expect a cost of ${cost.mean.toPrecision(4)}, above the ${most.toPrecision(4)} asked for.`,
    );
  }
  if (name !== "large" && cost.mean >= large.cost.mean) {
    said.push(
      `On unseen data expect a cost of ${cost.mean.toPrecision(4)}, where the large model alone costs ${large.cost.mean.toPrecision(4)}: nothing is saved.`,
    );
  }
  if (goal.kind === "not-below-large" && name !== "large" && toLarge.verdict !== "non-inferior") {
    said.push(
      `On unseen data it is ${toLarge.verdict === "inferior" ? "shown to be more than" : "not shown to be at most"} ${goal.points} points below the large model alone: the data of the choice alone said more.`,
    );
  }
  if (high - low > WIDE) {
    said.push(
      `The interval of accuracy is ${points(high - low)} wide: ${data.problems} problems say no more. About ${needed(accuracy.mean)} would be needed for 5 points to either side.`,
    );
  }
  if (agreeing < folds)
    said.push(`${agreeing} of ${folds} folds chose these stages: what is best is not settled by these data.`);
  if (unmet > 0) said.push(`In ${unmet} of ${folds} folds nothing reached the goal; the nearest was taken there.`);
  if (name === "large") said.push("Nothing recorded beats the large model alone at this goal.");
  return said;
}

/** Wider intervals than this, as a share, are pointed out. */
const WIDE = 0.1;

/** Problems for an interval of 5 points to either side at 95 %. */
function needed(accuracy: number): number {
  const spread = Math.max(0.05, accuracy * (1 - accuracy));
  return Math.ceil((spread * 1.96 ** 2) / 0.05 ** 2 / 10) * 10;
}
