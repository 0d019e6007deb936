import type { CalibrationGoal } from "../../state/calibration.js";
import { pairedRates } from "../numbers/paired-rates.js";
import type { Decided } from "./decided.js";

/** A setting on some problems. */
export interface Standing<D extends Rows = Decided> {
  of: D;
  /** 0 … 1. */
  accuracy: number;
  /** Mean a problem. */
  cost: number;
  other: number;
  /** Problems that only it, and that only the large model alone, gets right. */
  wins: number;
  losses: number;
  n: number;
}

/** What choosing reads of a setting. */
export type Rows = Pick<Decided, "right" | "cost" | "other">;

/** A choice: the best setting that meets the goal, or, where none does, the one that comes nearest to it. */
export interface Choice<D extends Rows = Decided> {
  chosen: Standing<D>;
  met: boolean;
}

/**
 * Chooses by the problems at `rows` alone.
 *
 * @param large - the large model alone, whose row stands among `all`
 */
export function choose<D extends Rows>(
  all: readonly D[],
  large: D,
  rows: readonly number[],
  goal: CalibrationGoal,
): Choice<D> {
  const standings = all.map((of) => standingOn(of, large, rows));
  const alone = standingOn(large, large, rows);
  const meeting = standings.filter((standing) => meets(standing, goal, alone));
  if (meeting.length > 0) return { chosen: best(meeting, goal.kind === "at-most-cost" ? dearer : cheaper), met: true };
  return { chosen: best(standings, goal.kind === "at-most-cost" ? cheaper : dearer), met: false };
}

/** How a setting does on some problems, beside the large model alone. */
export function standingOn<D extends Rows>(of: D, large: Rows, rows: readonly number[]): Standing<D> {
  let [hits, cost, other, wins, losses] = [0, 0, 0, 0, 0];
  for (const i of rows) {
    hits += of.right[i]!;
    cost += of.cost[i]!;
    other += of.other[i]!;
    if (of.right[i]! > large.right[i]!) wins += 1;
    if (of.right[i]! < large.right[i]!) losses += 1;
  }
  const n = rows.length;
  return { of, accuracy: hits / n, cost: cost / n, other: other / n, wins, losses, n };
}

/** A hair of room: 0.9 of 10 problems are 9, whatever the product of floats says. */
const HAIR = 1e-9;

function meets(
  { of, accuracy, cost, wins, losses, n }: Standing<Rows>,
  goal: CalibrationGoal,
  alone: Standing<Rows>,
): boolean {
  switch (goal.kind) {
    case "at-least-accuracy":
      return accuracy >= goal.accuracy - HAIR;
    case "at-most-cost":
      return cost <= (goal.of === "large" ? goal.cost * alone.cost : goal.cost) * (1 + HAIR);
    case "not-below-large":
      // The large model is not below itself, however few the problems; of others few problems cannot say so.
      return of === alone.of || pairedRates(wins, losses, n, 0.9)[0] > -goal.points / 100;
  }
}

type Order = (a: Standing<Rows>, b: Standing<Rows>) => number;

const tokens = (a: Standing<Rows>, b: Standing<Rows>) =>
  (Number.isNaN(a.other) ? 0 : a.other) - (Number.isNaN(b.other) ? 0 : b.other);
/** Least cost first; of equals the more accurate, then the one with fewer small-model tokens, then the simpler. */
const cheaper: Order = (a, b) => a.cost - b.cost || b.accuracy - a.accuracy || tokens(a, b);
/** Most accurate first. */
const dearer: Order = (a, b) => b.accuracy - a.accuracy || a.cost - b.cost || tokens(a, b);

function best<D extends Rows>(standings: readonly Standing<D>[], order: Order): Standing<D> {
  return standings.reduce((first, standing) => (order(standing, first) < 0 ? standing : first));
}
