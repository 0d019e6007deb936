import { CopeError } from "../../errors.js";
import { resolveStages } from "../../graph/stages.js";
import { createPriceBook } from "../../models/prices.js";
import type { Calibration, CalibrationGoal } from "../../state/calibration.js";
import { meanOf } from "../numbers/mean.js";
import { compareToLarge } from "../numbers/noninferior.js";
import { wilson } from "../numbers/wilson.js";
import type { Recorded } from "../recorded.js";
import { basisOf } from "./basis.js";
import { boughtBy } from "./bought.js";
import { choose, type Choice } from "./choose.js";
import { dollarsBy, largeTokens } from "./cost.js";
import { crossFit, foldsOf } from "./cross-fit.js";
import { firstStageCurve } from "./curve.js";
import type { Decided, Measure } from "./decided.js";
import { byGold, byLarge } from "./grade.js";
import { goalWords, parseCalibrate, type CalibrateOptions } from "./options.js";
import { scoringOf } from "../scoring.js";
import { stageLists } from "./stage-lists.js";
import { usableOf } from "./usable.js";
import { warnings } from "./warnings.js";

/**
 * Chooses stages, n, thresholds and guideline style for the data of a recording: the least cost at a wanted accuracy, the
 * best accuracy at a wanted cost, or the least cost that is shown not to be below the large model. All figures that are to
 * be expected come from cross-fitting, not from the data that the choice was made on.
 *
 * @param recorded - what `readRecording` reads; best recorded with `--all-draws` and the methods `large`, `cope`,
 *   `cope:s2s3` and `majority`.
 * @throws CopeError `OPTIONS_INVALID`; `NOT_RECORDED`, `PRICE_UNKNOWN` where the large model alone is not recorded or cannot
 *   be priced; `CONSTRAINT_UNMET` where nothing reaches the goal, with the best that can be reached
 */
export function calibrate(recorded: Recorded, options: CalibrateOptions): Calibration {
  const { goal, labels, unit, prices, folds: wanted, seed, samples, stages: own } = parseCalibrate(options);
  const costOf = unit === "usd" ? dollarsBy(createPriceBook(prices)) : largeTokens;
  const measure: Measure = { grade: labels === "large" ? byLarge : byGold, costOf };
  const usable = usableOf(
    recorded,
    stageLists(
      own.map((stages) => resolveStages(stages)),
      scoringOf(recorded.recording.family, recorded.recording),
    ),
    measure,
    samples,
  );
  const { ids, views, all, large } = usable;
  const rows = ids.map((_, i) => i);

  const choice = choose(all, large, rows, goal);
  if (!choice.met) throw unmet(goal, choice, ids.length);
  const { chosen } = choice;
  const { setting } = chosen.of;
  const folds = foldsOf(ids, Math.min(wanted, ids.length), seed);
  const fitted = crossFit(all, large, folds, goal);
  const marginPoints = goal.kind === "not-below-large" ? goal.points : MARGIN;
  const largeRight = rows.map((i) => large.right[i] === 1);
  const { difference, low, high, verdict } = compareToLarge(fitted.right, largeRight, { marginPoints, seed });
  const expected = {
    accuracy: shareOf(fitted.right),
    cost: costMean(fitted.cost, seed),
    toLarge: { difference: difference!, low, high, marginPoints, verdict },
    folds: folds.length,
    agreeing: fitted.choices.filter(({ chosen: one }) => one.of.setting.list === setting.list).length,
    unmet: fitted.choices.filter(({ met }) => !met).length,
  };
  const { recording } = recorded;
  const found: Calibration = {
    format: "langgraph-cope calibration",
    version: 1,
    madeAt: new Date().toISOString(),
    data: { name: recording.data, fingerprint: basisOf(ids, recording), problems: ids.length },
    family: recording.family,
    models: recording.models,
    seed: recording.seed,
    goal,
    labels,
    unit,
    name: setting.list.name,
    stages: [...setting.stages],
    guideline: setting.list.style,
    expected,
    inSample: { accuracy: chosen.accuracy, cost: chosen.cost },
    optimism: {
      accuracy: chosen.accuracy - expected.accuracy.mean,
      cost: chosen.cost - expected.cost.mean,
    },
    large: { accuracy: shareOf(largeRight), cost: costMean([...large.cost.subarray(0, ids.length)], seed) },
    bought: boughtBy(setting, views, large, measure),
    riskCoverage: firstStageCurve(setting, views, measure),
    notes: [],
  };
  const compared = `${all.length} settings of ${new Set(all.map(({ setting: one }) => one.list.name)).size} stage lists were compared.`;
  return { ...found, notes: [compared, ...usable.notes, ...warnings(found)] };
}

/** Percentage points below the large model that still count as not inferior, where the goal names none. */
const MARGIN = 5;

function shareOf(right: readonly boolean[]): Calibration["large"]["accuracy"] {
  const hits = right.filter(Boolean).length;
  return { mean: hits / right.length, interval: wilson(hits, right.length) };
}

function costMean(cost: readonly number[], seed: number): Calibration["large"]["cost"] {
  const { mean, interval } = meanOf(cost, { seed });
  return { mean: mean!, interval };
}

function unmet(goal: CalibrationGoal, { chosen }: Choice<Decided>, n: number): CopeError {
  const { setting } = chosen.of;
  const best =
    goal.kind === "at-most-cost"
      ? `the least cost is ${chosen.cost.toPrecision(4)}, at an accuracy of ${chosen.accuracy.toFixed(3)}`
      : `the best accuracy is ${chosen.accuracy.toFixed(3)}, at a cost of ${chosen.cost.toPrecision(4)}`;
  const reason = `nothing reaches ${goalWords(goal)} on these ${n} problems: ${best} a problem (${setting.list.name}).`;
  return new CopeError(
    "CONSTRAINT_UNMET",
    reason,
    "ask for what can be reached, take stronger models, or record more stage lists and samples.",
  );
}
