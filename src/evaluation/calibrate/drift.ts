import { CopeError } from "../../errors.js";
import type { Calibration } from "../../state/calibration.js";
import { createCascade } from "../methods/cascade.js";
import type { Interval } from "../numbers/interval.js";
import { meanOf, type Mean } from "../numbers/mean.js";
import { wilson } from "../numbers/wilson.js";
import type { Recorded } from "../recorded.js";
import { basisOf } from "./basis.js";
import { callsOf } from "../call-costs.js";
import { dollarsBy, largeTokens } from "./cost.js";
import { decideOn } from "./decided.js";
import { byGold, byLarge } from "./grade.js";
import type { Setting } from "./settings.js";
import { createPriceBook } from "../../models/prices.js";
import type { Price } from "../../state/options.js";

/** What new data say of a promise: whether it holds, has drifted, or cannot be told yet. */
export type DriftVerdict = "holds" | "drifted" | "too few to say";

/** One promised share beside the one of new data. */
export interface DriftCheck {
  /** `accuracy`, or `accepted by` a stage. */
  what: string;
  promised: { share: number; interval: Interval };
  /** Share and Wilson interval of the new data; null without a problem that came so far. */
  now: { share: number; interval: Interval; n: number } | null;
  verdict: DriftVerdict;
}

/** A calibration held against new data. */
export interface Drift {
  verdict: DriftVerdict;
  /** New problems that could be decided and measured. */
  problems: number;
  /** Problems that could not. */
  left: number;
  /** Accuracy, and what each stage that has a threshold accepts. */
  checks: DriftCheck[];
  /** Mean cost a problem in the calibration's unit, for comparison. */
  cost: { promised: Calibration["expected"]["cost"]; now: Mean };
  notes: string[];
}

/**
 * Holds a calibration against a recording of new problems: whether its accuracy, and the share of problems that each stage
 * accepts, are still what was promised.
 *
 * `drifted`: the difference of the shares is not 0 by the joined Wilson intervals (Newcombe 1998), all checks together at
 * 95 %. `holds`: it is not, the new share lies in the promised interval, and its own interval is at most twice as wide as
 * that. Else `too few to say`.
 *
 * @throws CopeError `CALIBRATION_MISMATCH` for a recording of other models or another family; `NOT_RECORDED` where no problem
 *   can be decided
 */
export function driftOf(
  calibration: Calibration,
  recorded: Recorded,
  { prices = {} }: { prices?: Record<string, Price> } = {},
): Drift {
  const { recording, views, problems } = recorded;
  assertSameModels(calibration, recording);
  const { stages, guideline: style, name, labels, unit } = calibration;
  const method = createCascade({ name, about: "", stages, style });
  const setting: Setting = { list: { name, stages, style }, stages, method, full: true };
  const costOf = unit === "usd" ? dollarsBy(createPriceBook(prices)) : largeTokens;
  const measure = { grade: labels === "large" ? byLarge : byGold, costOf };
  const decided = views.flatMap((view, i) => {
    const on = decideOn(setting, view, measure);
    return on ? [{ id: problems[i]!.id, ...on }] : [];
  });
  if (decided.length === 0) throw undecided(calibration);

  const accepting = stages.slice(0, -1);
  const level = 1 - 0.05 / (accepting.length + 1);
  const { expected, data, bought } = calibration;
  const accuracy = check("accuracy", level, {
    was: { hits: Math.round(expected.accuracy.mean * data.problems), n: data.problems },
    now: { hits: decided.filter(({ right }) => right).length, n: decided.length },
  });
  const accepts = accepting.map((stage) => {
    const before = bought.find((one) => one.name === stage.name)!;
    const reached = decided.flatMap(({ outcome }) => outcome.stages.filter((one) => one.name === stage.name));
    const hits = reached.filter(({ decision }) => decision === "accept").length;
    const was = { hits: before.settled, n: before.reached };
    return check(`accepted by ${stage.name}`, level, { was, now: { hits, n: reached.length } });
  });
  const checks = [accuracy, ...accepts];
  const said = worst(checks);
  const same =
    basisOf(
      decided.map(({ id }) => id),
      recording,
    ) === data.fingerprint;
  return {
    // A promise is not kept by what it was made from; other draws of the same problems can break it all the same.
    verdict: same && said === "holds" ? "too few to say" : said,
    problems: decided.length,
    left: views.length - decided.length,
    checks,
    cost: { promised: expected.cost, now: meanOf(decided.map(({ outcome }) => costOf(callsOf(outcome)))) },
    notes: same
      ? [
          "These are the very problems that the calibration was made on: that it holds for them says nothing of new ones.",
        ]
      : [],
  };
}

/** One share that has drifted is enough; all must be there to say that it holds. */
const worst = (checks: readonly DriftCheck[]): DriftVerdict =>
  (["drifted", "too few to say"] as const).find((one) => checks.some(({ verdict }) => verdict === one)) ?? "holds";

interface Counts {
  hits: number;
  n: number;
}

function check(what: string, level: number, { was, now }: { was: Counts; now: Counts }): DriftCheck {
  const interval = wilson(was.hits, was.n);
  // A stage that nobody came to promised nothing.
  const promised = { share: was.n === 0 ? 0 : was.hits / was.n, interval };
  if (now.n === 0 || was.n === 0) return { what, promised, now: null, verdict: "too few to say" };
  const share = now.hits / now.n;
  const measured = wilson(now.hits, now.n);
  const [low, high] = difference(was, now, level);
  const width = ([from, to]: Interval) => to - from;
  const verdict =
    low > 0 || high < 0
      ? "drifted"
      : share >= interval[0] && share <= interval[1] && width(measured) <= 2 * width(interval)
        ? "holds"
        : "too few to say";
  return { what, promised, now: { share, interval: measured, n: now.n }, verdict };
}

/** The new share less the old one, of independent data: Wilson's intervals joined (Newcombe 1998, method 10). */
function difference(was: Counts, now: Counts, level: number): Interval {
  const [before, after] = [was.hits / was.n, now.hits / now.n];
  const [beforeLow, beforeHigh] = wilson(was.hits, was.n, level);
  const [afterLow, afterHigh] = wilson(now.hits, now.n, level);
  const between = after - before;
  return [
    between - Math.hypot(after - afterLow, beforeHigh - before),
    between + Math.hypot(afterHigh - after, before - beforeLow),
  ];
}

/** Refuses a recording of other models or another family than the calibration's. @throws CopeError CALIBRATION_MISMATCH */
export function assertSameModels({ family, models, stages }: Calibration, recording: Recorded["recording"]): void {
  const roles = new Set(stages.flatMap(({ plan, execute }) => [execute.by, ...(plan ? [plan.by] : [])]));
  const other = [...roles].find((role) => {
    const [made, now] = [models[role], recording.models[role]];
    const digests = made?.digest !== undefined && now?.digest !== undefined;
    return made?.name !== now?.name || (digests && made.digest !== now.digest);
  });
  if (family === recording.family && other === undefined) return;
  const reason =
    other === undefined
      ? `the calibration was made for the family "${family}", and the recording is of "${recording.family}".`
      : `the calibration was made with ${models[other]?.name ?? "no model"} as "${other}", and the recording with ${nameOf(recording.models[other])}.`;
  throw new CopeError("CALIBRATION_MISMATCH", reason, "record new problems with the models of the calibration.");
}

const nameOf = (model: Recorded["recording"]["models"][string] | undefined) =>
  model === undefined ? "none" : `${model.name}${model.digest ? ` (weights ${model.digest.slice(0, 12)}…)` : ""}`;

function undecided({ stages, labels }: Calibration): CopeError {
  const list = stages.map(({ name }) => name).join(", ");
  const reason = `no problem of the recording has all draws that the stages of the calibration need (${list}) and something to measure by.`;
  const large = labels === "large" ? " and the large model's plain answers" : "";
  const remedy = `record these stages${large}, or give the data set itself: cope calibrate --check DATA.jsonl --calibration FILE.`;
  return new CopeError("NOT_RECORDED", reason, remedy);
}
