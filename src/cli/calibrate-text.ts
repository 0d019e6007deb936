import { goalWords } from "../evaluation/calibrate/options.js";
import type { Drift } from "../evaluation/calibrate/drift.js";
import type { Calibration } from "../state/calibration.js";

type Figure = Calibration["expected"]["cost"];

/** A calibration for people. */
export function calibrationText(found: Calibration): string {
  const { data, name, goal, expected, inSample, optimism, large, bought, unit, labels, guideline } = found;
  const measure = labels === "large" ? "agreement" : "accuracy";
  const cost = unit === "usd" ? "dollars" : "large-model cost";
  const rows = [
    ["", measure, `${cost} a problem`],
    [`on the data of the choice`, percent(inSample.accuracy), amount(inSample.cost)],
    [`to expect on unseen data`, withRange(expected.accuracy, percent), withRange(expected.cost, amount)],
    [`large model alone`, withRange(large.accuracy, percent), withRange(large.cost, amount)],
  ];
  const stages = bought.map((stage) => [
    stage.name,
    String(stage.reached),
    String(stage.settled),
    String(stage.right),
    String(stage.largeRight),
    amount(stage.cost),
    amount(stage.saved),
  ]);
  const { difference, low, high, marginPoints, verdict } = expected.toLarge;
  const guided = found.stages.some(({ plan }) => plan?.kind === "guideline");
  return [
    `${data.problems} problems of ${data.name}. Asked for: ${goalWords(goal)}.`,
    "",
    `Chosen: ${name}`,
    ...found.stages.map(
      ({ name: stage, execute, accept }, i) =>
        `  ${stage}: ${execute.samples} of ${execute.by}${accept && i < found.stages.length - 1 ? `, accepted at ${+accept.threshold.toFixed(4)}` : ""}`,
    ),
    ...(guided ? [`  guideline: ${guideline}`] : []),
    "",
    ...table(rows),
    "",
    `Optimism (on the data of the choice less to expect): ${points(optimism.accuracy)} of ${measure}, ${amount(optimism.cost)} of cost.`,
    `To the large model alone: ${points(difference)}, one-sided bounds ${points(low)} and ${points(high)}: ${verdict} at a margin of ${marginPoints} points.`,
    "",
    "What each stage bought:",
    ...table([["stage", "reached", "settled", "right", "large right", "large cost", "saved"], ...stages]),
    "",
    ...found.notes.map((said) => `- ${said}`),
    "",
  ].join("\n");
}

/** What a check found, for people. */
export function driftText({ verdict, problems, left, checks, cost, notes }: Drift): string {
  const rows = checks.map(({ what, promised, now, verdict: said }) => [
    what,
    withRange({ mean: promised.share, interval: promised.interval }, percent),
    now ? `${withRange({ mean: now.share, interval: now.interval }, percent)} of ${now.n}` : "nothing to compare",
    said,
  ]);
  const mean =
    cost.now.mean === null ? "unknown" : withRange({ mean: cost.now.mean, interval: cost.now.interval }, amount);
  return [
    `${SAID[verdict]} ${problems} new problems${left > 0 ? `, ${left} more could not be decided or measured` : ""}.`,
    "",
    ...table([["", "promised", "now", ""], ...rows, ["cost a problem", withRange(cost.promised, amount), mean, ""]]),
    "",
    ...notes.map((said) => `- ${said}\n`),
  ].join("\n");
}

const SAID = {
  holds: "The calibration holds.",
  drifted: "The data have drifted from the calibration: calibrate anew.",
  "too few to say": "Too few new problems to say whether the calibration holds.",
};

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const points = (share: number) => `${share > 0 ? "+" : ""}${(100 * share).toFixed(1)} points`;
const amount = (value: number) => (Math.abs(value) >= 10 || value === 0 ? value.toFixed(0) : value.toPrecision(3));

function withRange({ mean, interval }: Figure, shown: (value: number) => string): string {
  return interval ? `${shown(mean)} [${shown(interval[0])}, ${shown(interval[1])}]` : shown(mean);
}

/** Columns of equal width. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i]!)).join("  ")}`.trimEnd());
}
