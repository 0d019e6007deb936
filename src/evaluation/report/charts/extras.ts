import type { Calibration } from "../../../state/calibration.js";
import { paretoFrontier } from "../../numbers/frontier.js";
import type { ReportExtras } from "../extras.js";
import { colours, FAINT } from "../theme.js";
import { exact, NARROW, sized, type Chart } from "./chart.js";

/** Charts of what a caller adds. */
export function extraCharts({ grid, earlyStop, calibration }: ReportExtras): Chart[] {
  return [
    ...(grid?.length ? [gridChart(grid)] : []),
    ...(earlyStop?.length ? [earlyStopChart(earlyStop)] : []),
    ...(calibration ? [calibrationChart(calibration)] : []),
  ];
}

function gridChart(grid: NonNullable<ReportExtras["grid"]>): Chart {
  const frontier = paretoFrontier(grid);
  const values = grid.filter(({ cost, accuracy }) => cost !== null && accuracy !== null);
  return {
    id: "grid",
    title: "Other settings",
    alt: `Accuracy over cost of ${grid.length} settings, ${frontier.length} of them on the frontier.`,
    note: "Every point is a setting, replayed without a call. Beneath: those on the line, which no other setting beats. The best of many is partly luck.",
    panels: [
      {
        spec: {
          ...sized(NARROW, 280),
          encoding: {
            x: { field: "cost", type: "quantitative", title: "cost of the large model", axis: { tickCount: 5 } },
            y: {
              field: "accuracy",
              type: "quantitative",
              title: "right",
              scale: { zero: false },
              axis: { format: ".0%", tickCount: 6 },
            },
          },
          layer: [
            {
              data: { values },
              mark: { type: "point", filled: true, size: 18, opacity: 0.35, color: colours[0], aria: false },
            },
            {
              data: { values: frontier },
              mark: {
                type: "line",
                color: colours[1],
                strokeWidth: 1.8,
                point: { color: colours[1], filled: true, size: 36 },
              },
            },
          ],
        },
      },
    ],
    data: {
      head: ["setting", " n", " cost", " right"],
      rows: frontier.map(({ label, n, cost, accuracy }) => [label, String(n), exact(cost), exact(accuracy)]),
    },
  };
}

function earlyStopChart(stages: NonNullable<ReportExtras["earlyStop"]>): Chart {
  const values = stages.flatMap(({ stage, points }) =>
    points.map((point) => ({ stage: stage.toWellFormed(), ...point })).toSorted((a, b) => a.bound - b.bound),
  );
  const legend = stages.map(({ stage }, i) => ({ label: stage.toWellFormed(), colour: colours[i % colours.length]! }));
  return {
    id: "early-stop",
    title: "Stopping early",
    alt: `Draws saved over decisions that came out otherwise: ${values.map(({ stage, bound, saved, flipped }) => `${stage} at ${exact(bound)}, ${exact(saved)} saved, ${exact(flipped)} flipped`).join("; ")}.`,
    note: "A point for every bound, the exact rule first: how many draws it saves, and how many decisions it changes.",
    panels: [
      {
        spec: {
          ...sized(NARROW, 280),
          data: { values },
          mark: { type: "line", point: { size: 30 }, strokeWidth: 1.8 },
          encoding: {
            x: {
              field: "flipped",
              type: "quantitative",
              title: "decisions that came out otherwise",
              axis: { format: ".1%", tickCount: 5 },
            },
            y: { field: "saved", type: "quantitative", title: "draws saved", axis: { format: ".0%", tickCount: 5 } },
            order: { field: "bound" },
            color: {
              field: "stage",
              type: "nominal",
              legend: null,
              scale: { domain: legend.map(({ label }) => label), range: legend.map(({ colour }) => colour) },
            },
          },
        },
      },
    ],
    legend,
    data: {
      head: ["stage", " bound", " saved", " flipped", " n"],
      rows: values.map(({ stage, bound, saved, flipped, n }) => [stage, ...[bound, saved, flipped, n].map(exact)]),
    },
  };
}

function calibrationChart({ name, expected, inSample, large, data, unit }: Calibration): Chart {
  const rows = [
    { what: "chosen, on its own data", ...inSample, low: inSample.accuracy, high: inSample.accuracy },
    { what: "chosen, expected", ...figures(expected) },
    { what: "large model", ...figures(large) },
  ];
  return {
    id: "calibration",
    title: "Calibration",
    alt: `${name}: expected accuracy ${exact(expected.accuracy.mean)} at cost ${exact(expected.cost.mean)}; the large model ${exact(large.accuracy.mean)} at ${exact(large.cost.mean)}.`,
    note: `${name}, chosen on ${data.problems} problems. Expected: by cross-fitting, on data it was not chosen on. Cost in ${unit}, a problem.`,
    panels: [
      {
        spec: {
          ...sized(NARROW, 150),
          data: { values: rows },
          encoding: { y: { field: "what", type: "nominal", sort: null, title: null } },
          layer: [
            {
              mark: { type: "rule", color: FAINT },
              encoding: { x: { field: "low", type: "quantitative" }, x2: { field: "high" } },
            },
            {
              mark: { type: "point", filled: true, size: 70, color: colours[0], opacity: 1 },
              encoding: {
                x: {
                  field: "accuracy",
                  type: "quantitative",
                  title: "right",
                  scale: { zero: false },
                  axis: { format: ".0%", tickCount: 5 },
                },
              },
            },
          ],
        },
      },
    ],
    data: {
      head: ["", " right", " low", " high", " cost"],
      rows: rows.map(({ what, accuracy, low, high, cost }) => [what, ...[accuracy, low, high, cost].map(exact)]),
    },
  };
}

const figures = ({ accuracy, cost }: Pick<Calibration["large"], "accuracy" | "cost">) => ({
  accuracy: accuracy.mean,
  cost: cost.mean,
  low: accuracy.interval?.[0] ?? accuracy.mean,
  high: accuracy.interval?.[1] ?? accuracy.mean,
});
