import type { StageConfidence, Summary } from "../../summary/types.js";
import { colours, FAINT } from "../theme.js";
import { exact, NARROW, sized, type Chart } from "./chart.js";

/** A stage whose confidence tells something, with its colour. */
type Series = StageConfidence & { label: string; colour: string };

/**
 * Stages with confidence. What several methods share, such as a first stage, is shown once; a score that never differs
 * draws no curve.
 */
function seriesOf({ methods }: Summary): Series[] {
  const all = methods.flatMap(({ name, confidence }) =>
    confidence.map((each) => ({ ...each, label: `${name} · ${each.stage}`.toWellFormed() })),
  );
  const shown = (each: StageConfidence) => JSON.stringify([each.bins, each.roc]);
  const first = new Set<string>();
  const distinct = all.filter((each) => {
    const isNew = each.riskCoverage.length > 1 && !first.has(shown(each));
    first.add(shown(each));
    return isNew;
  });
  return distinct.map((each, i) => ({ ...each, colour: colours[i % colours.length]! }));
}

/** Everything about confidence: how far it can be believed, how well it ranks, and what accepting by it would give. */
export function confidenceCharts(summary: Summary): Chart[] {
  const series = seriesOf(summary);
  return series.length === 0 ? [] : [reliability(series), roc(series), accepting(series)];
}

const share = (field: string, title: string) => ({
  field,
  type: "quantitative",
  title,
  scale: { domain: [0, 1] },
  axis: { format: ".0%", values: [0, 0.25, 0.5, 0.75, 1], labelOverlap: true },
});

const diagonal = {
  data: {
    values: [
      { x: 0, y: 0 },
      { x: 1, y: 1 },
    ],
  },
  mark: { type: "line", color: FAINT, strokeDash: [3, 3], strokeWidth: 1 },
  encoding: { x: { field: "x", type: "quantitative" }, y: { field: "y", type: "quantitative" } },
};

function reliability(series: readonly Series[]): Chart {
  const filled = series.map((each) => ({ ...each, bins: each.bins.filter(({ n }) => n > 0) }));
  return {
    id: "reliability",
    title: "Reliability of confidence",
    alt: `Share of right answers over confidence; expected calibration error: ${series.map(({ label, ece }) => `${label} ${exact(ece)}`).join("; ")}.`,
    note: "On the dotted line confidence is the share of right answers; above it, it is too low. Larger points hold more problems; bars are 95 % intervals.",
    panels: filled.map(({ label, colour, bins, n }) => ({
      spec: {
        width: 112,
        height: 112,
        title: label,
        layer: [
          diagonal,
          {
            data: {
              values: bins.map(({ confidence, accuracy, interval: [low, high], n: size }) => ({
                confidence,
                accuracy,
                low,
                high,
                size: size / n,
              })),
            },
            encoding: { x: share("confidence", "confidence"), y: share("accuracy", "right") },
            layer: [
              {
                mark: { type: "rule", color: colour, opacity: 0.5 },
                encoding: { y: { field: "low", type: "quantitative" }, y2: { field: "high" } },
              },
              { mark: { type: "line", color: colour, strokeWidth: 1.5 } },
              {
                mark: { type: "point", filled: true, color: colour, opacity: 1 },
                encoding: {
                  size: {
                    field: "size",
                    type: "quantitative",
                    legend: null,
                    scale: { domain: [0, 1], range: [20, 160] },
                  },
                },
              },
            ],
          },
        ],
      },
    })),
    data: {
      head: ["stage", " from", " to", " n", " confidence", " right", " low", " high"],
      rows: filled.flatMap(({ label, bins }) =>
        bins.map(({ from, to, n, confidence, accuracy, interval }) => [
          label,
          ...[from, to, n, confidence, accuracy, ...interval].map(exact),
        ]),
      ),
    },
  };
}

const coloured = (series: readonly Series[]) => ({
  field: "label",
  type: "nominal",
  legend: null,
  scale: { domain: series.map(({ label }) => label), range: series.map(({ colour }) => colour) },
});

function roc(series: readonly Series[]): Chart {
  const values = series.flatMap(({ label, roc: curve }) => curve.map(([x, y], order) => ({ label, x, y, order })));
  return {
    id: "roc",
    title: "Telling right from wrong",
    alt: `ROC curves of confidence; area: ${series.map(({ label, auroc }) => `${label} ${exact(auroc)}`).join("; ")}.`,
    note: "For every threshold: right answers that pass, over wrong ones that pass. The dotted line is chance.",
    panels: [
      {
        spec: {
          ...sized(NARROW, 270),
          layer: [
            diagonal,
            {
              data: { values },
              mark: { type: "line", point: { size: 22 }, strokeWidth: 1.8 },
              encoding: {
                x: share("x", "wrong answers that pass"),
                y: share("y", "right answers that pass"),
                order: { field: "order" },
                color: coloured(series),
              },
            },
          ],
        },
      },
    ],
    legend: series,
    data: {
      head: ["stage", " n", " AUROC", " from", " to"],
      rows: series.map(({ label, n, auroc, aurocInterval }) => [
        label,
        String(n),
        ...[auroc, aurocInterval?.[0] ?? null, aurocInterval?.[1] ?? null].map(exact),
      ]),
    },
  };
}

function accepting(series: readonly Series[]): Chart {
  const values = series.flatMap(({ label, riskCoverage: points }) => points.map((point) => ({ label, ...point })));
  return {
    id: "coverage",
    title: "Accepting by confidence",
    alt: `Share of right answers among the accepted, over the share accepted; area of risk: ${series.map(({ label, aurc }) => `${label} ${exact(aurc)}`).join("; ")}.`,
    note: "A point for every threshold, the strictest on the left. Where the curve falls, accepting more costs accuracy.",
    panels: [
      {
        spec: {
          ...sized(NARROW, 270),
          data: { values },
          mark: { type: "line", point: { size: 22 }, strokeWidth: 1.8 },
          encoding: {
            x: share("coverage", "accepted, of those that reached the stage"),
            y: {
              ...share("accuracy", "right among the accepted"),
              scale: { domain: [floorOf(values), 1] },
              axis: { format: ".0%", tickCount: 5 },
            },
            color: coloured(series),
          },
        },
      },
    ],
    legend: series,
    data: {
      head: ["stage", " threshold", " accepted", " right"],
      rows: values.map(({ label, threshold, coverage, accuracy }) => [
        label,
        ...[threshold, coverage, accuracy].map(exact),
      ]),
    },
  };
}

/** Room for the curves, without the empty lower half. */
const floorOf = (points: readonly { accuracy: number }[]): number =>
  Math.floor(10 * Math.min(...points.map(({ accuracy }) => accuracy), 0.9)) / 10;
