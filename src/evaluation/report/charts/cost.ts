import type { MethodSummary, Summary } from "../../summary/types.js";
import { colours, FAINT } from "../theme.js";
import { exact, NARROW, placeOf, sized, WIDE, type Chart } from "./chart.js";
import { placeLabels } from "./labels.js";

/** Where methods stand: what they cost of the large model, and how often they are right. */
export function costChart({ methods }: Summary): Chart | undefined {
  const known = methods.filter(({ accuracy, costs }) => accuracy !== null && costs.large.mean !== null);
  if (known.length === 0) return undefined;
  return {
    id: "cost",
    title: "Cost against accuracy",
    alt: `Accuracy over cost of the large model for ${known.map(said).join("; ")}.`,
    note: "Cost: input + 4 × output tokens of the large model. Bars are 95 % intervals. The line is the frontier: no method above it or left of it. Each point leads to its problems.",
    panels: [{ spec: specOf(known, NARROW, 320), wide: specOf(known, WIDE, 400) }],
    data: {
      head: ["method", " n", " cost", " from", " to", " accuracy", " from", " to"],
      rows: known.map(({ name, n, accuracy, interval, costs: { large } }) => [
        name,
        String(n),
        ...[large.mean, large.interval?.[0] ?? null, large.interval?.[1] ?? null].map(exact),
        ...[accuracy, ...interval].map(exact),
      ]),
    },
  };
}

const said = ({ name, accuracy, costs }: Pick<MethodSummary, "name" | "accuracy" | "costs">): string =>
  `${name} ${Math.round(100 * accuracy!)} % at ${Math.round(costs.large.mean!)} tokens`;

function specOf(methods: readonly MethodSummary[], width: number, height: number) {
  const rows = methods.map(({ name, accuracy, interval, costs, onFrontier }) => ({
    said: said({ name, accuracy, costs }).toWellFormed(),
    name: name.toWellFormed(),
    cost: costs.large.mean!,
    costLow: costs.large.interval?.[0] ?? costs.large.mean!,
    costHigh: costs.large.interval?.[1] ?? costs.large.mean!,
    accuracy: accuracy!,
    low: interval[0],
    high: interval[1],
    onFrontier,
    place: placeOf(name),
  }));
  const right = Math.max(...rows.map(({ costHigh }) => costHigh), 1);
  const x = [-0.03 * right, 1.04 * right];
  const y = [
    Math.max(0, Math.min(...rows.map(({ low }) => low)) - 0.03),
    Math.min(1, Math.max(...rows.map(({ high }) => high)) + 0.03),
  ];
  // About what the axes leave of it.
  const [plotWidth, plotHeight] = [width - 62, height - 52];
  const at = (value: number, [from, to]: number[], size: number) => ((value - from!) / (to! - from!)) * size;
  const places = placeLabels(
    rows.map(({ name, cost, accuracy }) => ({
      text: name,
      x: at(cost, x, plotWidth),
      y: plotHeight - at(accuracy, y, plotHeight),
    })),
    plotWidth,
    plotHeight,
  );
  const values = rows.map((row, i) => ({ ...row, ...places[i]! }));
  const costs = { field: "cost", type: "quantitative", scale: { domain: x, nice: false, zero: false } };
  const accuracies = { field: "accuracy", type: "quantitative", scale: { domain: y, nice: false, zero: false } };
  const colour = {
    field: "name",
    type: "nominal",
    legend: null,
    scale: { domain: rows.map(({ name }) => name), range: rows.map((_, i) => colours[i % colours.length]) },
  };
  return {
    ...sized(width, height),
    data: { values },
    encoding: {
      x: {
        ...costs,
        title: "cost of the large model, a problem",
        axis: { tickCount: 5 },
      },
      y: { ...accuracies, title: "right", axis: { format: ".0%", tickCount: 6 } },
    },
    layer: [
      {
        transform: [{ filter: "datum.onFrontier" }],
        mark: { type: "line", color: FAINT, strokeDash: [4, 3], strokeWidth: 1.5 },
      },
      {
        mark: { type: "rule", opacity: 0.45 },
        encoding: { y: { ...accuracies, field: "low" }, y2: { field: "high" }, color: colour },
      },
      {
        mark: { type: "rule", opacity: 0.45 },
        encoding: { x: { ...costs, field: "costLow" }, x2: { field: "costHigh" }, color: colour },
      },
      {
        mark: { type: "point", filled: true, size: 75, opacity: 1, cursor: "pointer" },
        encoding: { color: colour, href: { field: "place" }, description: { field: "said" } },
      },
      {
        mark: {
          type: "text",
          dx: { expr: "datum.dx" },
          dy: { expr: "datum.dy" },
          align: { expr: "datum.align" },
          aria: false,
        },
        encoding: { text: { field: "name" } },
      },
    ],
  };
}
