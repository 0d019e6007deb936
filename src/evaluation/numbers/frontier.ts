import { requireNumbers } from "./checks.js";

/** Where a method stands. Cost has any unit, the same for all, and is at least 0; null is unknown. */
export interface CostPoint {
  cost: number | null;
  /** Share of right answers, 0 … 1; null is unknown. */
  accuracy: number | null;
}

type Known<P> = P & { cost: number; accuracy: number };

/**
 * The points that no other point beats: none is as accurate for less, or better for the same. A point of unknown cost or
 * accuracy can neither beat nor stand here. Of equal points the first stays.
 *
 * @returns by rising cost, and so by rising accuracy
 * @throws CopeError OPTIONS_INVALID
 */
export function paretoFrontier<P extends CostPoint>(points: readonly P[]): Known<P>[] {
  const frontier: Known<P>[] = [];
  for (const point of known(points).toSorted((a, b) => a.cost - b.cost || b.accuracy - a.accuracy))
    if (frontier.length === 0 || point.accuracy > frontier.at(-1)!.accuracy) frontier.push(point);
  return frontier;
}

/**
 * The accuracy that a method's curve gives for at most this cost: that of its Pareto frontier, straight between two points
 * (what choosing between them by chance would give).
 *
 * @param curve - one method at several settings, in any order
 * @returns 0 … 1; null for a cost below or above all measured ones, which nothing here speaks of
 * @throws CopeError OPTIONS_INVALID
 */
export function accuracyAtCost(curve: readonly CostPoint[], cost: number): number | null {
  const costs = known(curve).map((point) => point.cost);
  const frontier = paretoFrontier(curve);
  return along(
    frontier.map((point) => [point.cost, point.accuracy]),
    cost,
    costs,
  );
}

/**
 * The least cost at which a method's curve gives at least this accuracy: the other way round of `accuracyAtCost`.
 *
 * @returns in the points' unit; null for an accuracy below or above all measured ones
 * @throws CopeError OPTIONS_INVALID
 */
export function costAtAccuracy(curve: readonly CostPoint[], accuracy: number): number | null {
  const accuracies = known(curve).map((point) => point.accuracy);
  const frontier = paretoFrontier(curve);
  return along(
    frontier.map((point) => [point.accuracy, point.cost]),
    accuracy,
    accuracies,
  );
}

/** y at x on a line that rises from point to point and is level beyond them; null outside of what was measured. */
function along(line: [x: number, y: number][], x: number, measured: readonly number[]): number | null {
  if (!(measured.some((value) => value <= x) && measured.some((value) => value >= x))) return null;
  const next = line.findIndex((point) => point[0] >= x);
  if (next <= 0) return line.at(next)![1];
  const [[x0, y0], [x1, y1]] = [line[next - 1]!, line[next]!];
  return x === x1 ? y1 : y0 + ((x - x0) / (x1 - x0)) * (y1 - y0);
}

function known<P extends CostPoint>(points: readonly P[]): Known<P>[] {
  const given = (value: number | null) => (value === null ? 0 : value);
  requireNumbers(
    "cost",
    points.map(({ cost }) => given(cost)),
    0,
  );
  requireNumbers(
    "accuracy",
    points.map(({ accuracy }) => given(accuracy)),
    0,
    1,
  );
  return points.filter((point): point is Known<P> => point.cost !== null && point.accuracy !== null);
}
