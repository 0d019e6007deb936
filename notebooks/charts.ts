import type { Grid, MethodSummary } from "../src/evaluation/index.js";
import type { Calibration } from "../src/index.js";
import { chart } from "./show.js";

const BLUE = "#2f6fde";
const INK = "#111827";
const ORANGE = "#c2410c";
const COST = "cost of the large model, a problem";

/** Votes by answer, a column for each stage, with the line that they must reach. */
export function votesChart(
  samples: readonly { stage: string; value?: unknown }[],
  verdicts: readonly { stage: string; threshold: number | null; planned: number }[],
) {
  const votes = samples.map(({ stage, value }) => ({ stage, answer: value === undefined ? "unreadable" : `${value}` }));
  const wanted = verdicts.flatMap(({ stage, threshold, planned }) =>
    threshold === null ? [] : { stage, wanted: threshold * planned },
  );
  return chart({
    data: { values: [...votes, ...wanted] },
    facet: {
      column: { field: "stage", type: "nominal", sort: [...new Set(samples.map(({ stage }) => stage))], title: null },
    },
    resolve: { scale: { x: "independent" } },
    spec: {
      width: 250,
      height: 170,
      layer: [
        {
          transform: [{ filter: "isDefined(datum.answer)" }],
          mark: { type: "bar", color: BLUE },
          encoding: {
            x: { field: "answer", type: "nominal", sort: "-y", title: "answer", axis: { labelAngle: 0 } },
            y: { aggregate: "count", type: "quantitative", title: "votes", axis: { tickMinStep: 1 } },
          },
        },
        {
          transform: [{ filter: "isDefined(datum.wanted)" }],
          mark: { type: "rule", strokeDash: [5, 3], color: ORANGE },
          encoding: { y: { field: "wanted", aggregate: "max", type: "quantitative", title: "votes" } },
        },
      ],
    },
  });
}

/** The interval of each verdict, one under the other, with the threshold. */
export function verdictsChart(
  verdicts: readonly {
    stage: string;
    drawn: number;
    low: number;
    high: number;
    threshold: number | null;
    decision: string;
  }[],
) {
  return chart({
    data: { values: verdicts.map((verdict) => ({ ...verdict, wave: `${verdict.stage}, ${verdict.drawn} drawn` })) },
    width: 430,
    height: { step: 28 },
    encoding: { y: { field: "wave", type: "nominal", sort: null, title: null } },
    layer: [
      {
        // An interval that has closed is still to be seen.
        transform: [{ calculate: "max(datum.high, datum.low + 0.012)", as: "end" }],
        mark: { type: "bar", height: 10 },
        encoding: {
          x: { field: "low", type: "quantitative", scale: { domain: [0, 1] }, title: "confidence" },
          x2: { field: "end" },
          color: {
            field: "decision",
            type: "nominal",
            title: null,
            legend: { orient: "bottom" },
            scale: { domain: ["accept", "sample", "escalate"], range: ["#15803d", "#94a3b8", ORANGE] },
          },
        },
      },
      {
        mark: { type: "tick", color: INK, thickness: 2, size: 22 },
        encoding: { x: { field: "threshold", type: "quantitative" } },
      },
    ],
  });
}

/** Tokens that the large model wrote in each run, beside those of its whole answers. */
export function tokensChart(
  runs: readonly {
    answer: { stage: string };
    ledger: {
      byRole: Record<string, { outputTokens: number | null }>;
      ifLargeAlone: { outputTokens: number | null };
    };
  }[],
) {
  const values = runs.flatMap(({ answer, ledger }) => [
    { ended: answer.stage, what: "cascade", tokens: ledger.byRole["large"]?.outputTokens ?? 0 },
    { ended: answer.stage, what: "large model alone", tokens: ledger.ifLargeAlone.outputTokens },
  ]);
  return chart({
    data: { values },
    width: 430,
    height: 180,
    mark: "bar",
    encoding: {
      y: { field: "ended", type: "nominal", sort: null, title: "ended in" },
      yOffset: { field: "what" },
      x: { field: "tokens", type: "quantitative", title: "tokens that the large model wrote" },
      color: {
        field: "what",
        type: "nominal",
        title: null,
        scale: { range: [BLUE, "#c3c8cf"] },
        legend: { orient: "bottom" },
      },
    },
  });
}

/** Methods by what the large model cost, with 95 % intervals of their accuracy. */
export function methodsChart(methods: readonly MethodSummary[]) {
  const values = methods.map(({ name, accuracy, interval: [low, high], costs }) => ({
    name,
    accuracy,
    low,
    high,
    cost: costs.large.mean,
  }));
  const y = { type: "quantitative", title: "right", scale: { domain: [0, 1] }, axis: { format: ".0%" } } as const;
  return chart({
    data: { values },
    width: 460,
    height: 230,
    encoding: { x: { field: "cost", type: "quantitative", title: COST } },
    layer: [
      {
        mark: { type: "rule", color: "#94a3b8" },
        encoding: { y: { ...y, field: "low" }, y2: { field: "high" } },
      },
      {
        mark: { type: "point", filled: true, size: 80, color: BLUE, opacity: 1 },
        encoding: { y: { ...y, field: "accuracy" } },
      },
      {
        mark: { type: "text", align: "left", dx: 8, dy: -8 },
        encoding: { y: { ...y, field: "accuracy" }, text: { field: "name" } },
      },
    ],
  });
}

/** Every setting of a grid, those that no other beats joined by a line, and the large model alone. */
export function gridChart({ rows, frontier }: Grid, methods: readonly MethodSummary[]) {
  const large = methods.filter(({ name }) => name === "large");
  const x = { field: "largeCost", type: "quantitative", title: COST } as const;
  const y = {
    field: "accuracy",
    type: "quantitative",
    title: "right",
    scale: { zero: false },
    axis: { format: ".0%" },
  } as const;
  return chart({
    width: 460,
    height: 230,
    encoding: { x, y },
    layer: [
      {
        data: { values: points(rows) },
        mark: { type: "point", filled: true, size: 22, color: "#94a3b8", opacity: 0.5 },
      },
      {
        data: { values: points(frontier) },
        mark: { type: "line", color: BLUE, strokeWidth: 1.8, point: { color: BLUE, filled: true, size: 50 } },
      },
      {
        data: { values: large.map(({ accuracy, costs }) => ({ accuracy, largeCost: costs.large.mean })) },
        mark: { type: "point", shape: "diamond", filled: true, size: 110, color: ORANGE, opacity: 1 },
      },
      {
        data: {
          values: large.map(({ accuracy, costs }) => ({ accuracy, largeCost: costs.large.mean, name: "large" })),
        },
        mark: { type: "text", align: "left", dx: 9, color: ORANGE },
        encoding: { text: { field: "name" } },
      },
    ],
  });
}

/** A setting is a point; those that lie on each other are one. */
const points = (rows: Grid["rows"]) => [
  ...new Map(rows.map(({ largeCost, accuracy }) => [`${largeCost} ${accuracy}`, { largeCost, accuracy }])).values(),
];

/** Accuracy of a calibration: as it looked, as it is to be expected, and of the large model alone. */
export function promiseChart({ inSample, expected, large }: Calibration) {
  const figure = (what: string, { mean, interval }: Calibration["large"]["accuracy"]) => ({
    what,
    accuracy: mean,
    low: interval?.[0] ?? mean,
    high: interval?.[1] ?? mean,
  });
  const values = [
    { what: "on these problems", accuracy: inSample.accuracy, low: inSample.accuracy, high: inSample.accuracy },
    figure("expected", expected.accuracy),
    figure("large model alone", large.accuracy),
  ];
  const x = { type: "quantitative", title: "right", scale: { domain: [0, 1] }, axis: { format: ".0%" } } as const;
  return chart({
    data: { values },
    width: 430,
    height: { step: 30 },
    encoding: { y: { field: "what", type: "nominal", sort: null, title: null } },
    layer: [
      {
        mark: { type: "rule", color: "#94a3b8", strokeWidth: 2 },
        encoding: { x: { ...x, field: "low" }, x2: { field: "high" } },
      },
      {
        mark: { type: "point", filled: true, size: 80, color: BLUE, opacity: 1 },
        encoding: { x: { ...x, field: "accuracy" } },
      },
    ],
  });
}
