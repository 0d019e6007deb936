import { numberOf, numberWithin, percentWithin, percent, points, pOf, UNKNOWN, within } from "./format.js";
import type { MethodRow, MethodSummary, StageFlips, Summary } from "./types.js";

/** A table of texts, as a terminal, markdown and the report's page show it. */
export interface Section {
  title: string;
  /** Headings; those that begin with a space stand over numbers. */
  head: readonly string[];
  rows: readonly (readonly string[])[];
  /** What the columns mean. */
  notes: readonly string[];
}

/** All tables of a summary, in the order in which they are read. */
export function sectionsOf(summary: Summary): Section[] {
  const { methods, parts } = summary;
  const stages = methods.filter(({ ends, confidence }) => ends.length > 1 || confidence.length > 0);
  return [
    accuracySection(summary),
    costSection(methods),
    usedSection(methods),
    ...(stages.length > 0 ? [stageSection(stages)] : []),
    ...(stages.some(({ flips }) => flips.length > 0) ? [flipSection(stages)] : []),
    ...parts.map(partSection),
  ];
}

const hits = ({ right, n }: Pick<MethodRow, "right" | "n">): string => `${right}/${n}`;

function accuracySection({ methods, marginPoints, problems, checks, sandboxes, uncompared }: Summary): Section {
  // Most runs have none of these, and a terminal has little room.
  const shown = (["failed", "ungraded", "unknown"] as const).filter((what) =>
    methods.some((method) => method[what] > 0),
  );
  return {
    title: "Accuracy",
    head: ["method", " right", " %", " to large", "verdict", " p", " unread", ...shown.map((what) => ` ${what}`)],
    rows: methods.map((method) => [
      method.name,
      hits(method),
      percentWithin(method.accuracy, method.interval),
      ...comparisonCells(method),
      String(method.unreadable),
      ...shown.map((what) => String(method[what])),
    ]),
    notes: [
      `${problems} problems. right: of those counted. %: accuracy, with Wilson's 95 % interval.`,
      "to large: points that it gains on the method large, on problems that both count; each bound one-sided, 95 %.",
      `verdict: non-inferior where the lower bound is above −${marginPoints} points, inferior where the upper one is below.`,
      "p: McNemar's exact test, two-sided. unread: answered, but nothing could be read; counted as wrong.",
      shown.includes("failed")
        ? "failed: no call was answered; not counted."
        : "No problem was left without an answered call.",
      ...checkNotes(checks),
      ...(sandboxes
        ? [
            `Programs were run in ${Object.entries(sandboxes)
              .map(([name, draws]) => `${name} (${draws} draws)`)
              .join(", ")}.`,
          ]
        : []),
      ...(shown.includes("ungraded") ? ["ungraded: answered, and nothing to grade by; not counted."] : []),
      ...(shown.includes("unknown")
        ? ["unknown: answered, and nobody could tell whether it is right; not counted as right or wrong."]
        : []),
      ...(uncompared
        ? [`Of ${named(uncompared)} some samples could not be compared: they count as draws still to come.`]
        : []),
    ],
  };
}

/** Checks that nothing passes, or everything, say nothing of a program: whoever reads the table should look at them. */
function checkNotes(checks: Summary["checks"]): string[] {
  if (!checks) return [];
  const { problems, nonePasses, allPass, without } = checks;
  return [
    `visible tests: of ${problems} problems that show some, no program passes those of ${named(nonePasses)}, and every program those of ${allPass.length}.`,
    ...(without.length > 0 ? [`Without visible tests, so that nothing was measured: ${named(without)}.`] : []),
  ];
}

/** How many, and the first of them. */
function named(ids: readonly string[]): string {
  const shown = ids.slice(0, 5).join(", ");
  return ids.length === 0 ? "0" : `${ids.length} (${shown}${ids.length > 5 ? ", …" : ""})`;
}

function comparisonCells({ comparison }: MethodRow): string[] {
  if (!comparison || comparison.n === 0) return [UNKNOWN, UNKNOWN, UNKNOWN];
  const { difference, low, high, verdict, mcnemar } = comparison;
  return [points(difference) + within([low, high], points), verdict, pOf(mcnemar)];
}

function costSection(methods: readonly MethodSummary[]): Section {
  return {
    title: "Cost of the large model, a problem",
    head: ["method", " n", " cost", " of large's %", " plans", " others %", " their cost"],
    rows: methods.map(({ name, costs, equal, onFrontier }) => [
      `${name}${onFrontier ? " *" : ""}`,
      String(costs.large.n),
      numberWithin(costs.large.mean, costs.large.interval),
      percentWithin(costs.toLarge?.ratio ?? null, costs.toLarge?.interval ?? null),
      numberOf(costs.largePlans),
      percent(equal.accuracyAtCost),
      numberOf(equal.costAtAccuracy),
    ]),
    notes: [
      "cost: input + 4 × output tokens of the large model, mean; plans: its part for goals and guidelines.",
      "of large's %: of what the method large costs on the same problems. Intervals: 95 %, bootstrap over problems.",
      "others %: accuracy that the frontier of the other methods gives at this cost; their cost: its cost at this",
      "accuracy. *: no other method is as accurate for less. Draws from the tape are charged as if fresh.",
    ],
  };
}

function usedSection(methods: readonly MethodSummary[]): Section {
  const roles = [...new Set(methods.flatMap(({ costs }) => Object.keys(costs.calls)))];
  return {
    title: "All that was used, a problem",
    head: ["method", " n", " small tokens", " weighted", " calls", " seconds", " $"],
    rows: methods.map(({ name, costs }) => [
      name,
      String(costs.large.n),
      numberOf(costs.smallTokens.mean),
      numberOf(costs.weightedTokens.mean),
      roles.map((role) => numberOf(costs.calls[role] ?? 0)).join(" + "),
      numberWithin(costs.seconds.mean, costs.seconds.interval),
      numberOf(costs.usd.mean),
    ]),
    notes: [
      "small tokens: input + output of the small model. weighted: all tokens, each × its model's parameters in billions.",
      `calls: answered ones of ${roles.join(" + ")}.`,
      "seconds: the slowest draw of each wave, summed, as it took in the company in which it was drawn; 95 % interval.",
      "$: every model's calls; models on one's own machine cost nothing unless a price is given.",
      `${UNKNOWN}: unknown, since a count, a price or a number of parameters is.`,
    ],
  };
}

function stageSection(methods: readonly MethodSummary[]): Section {
  return {
    title: "Stages",
    head: ["method", "stage", " ended", " AUROC", " ECE", " accepted", " right, %"],
    rows: methods.flatMap(({ name, ends, confidence }) =>
      ends.map(({ stage, right }) => {
        const measured = confidence.find((each) => each.stage === stage);
        const { auroc = null, aurocInterval = null, ece = null, coverage, accepted } = measured ?? {};
        return [
          name,
          stage,
          `${right.count}/${right.of}`,
          auroc === null ? UNKNOWN : auroc.toFixed(2) + within(aurocInterval, (value) => value.toFixed(2)),
          ece === null ? UNKNOWN : ece.toFixed(2),
          coverage ? `${coverage.count}/${coverage.of}` : UNKNOWN,
          accepted ? percentWithin(accepted.share, accepted.interval) : UNKNOWN,
        ];
      }),
    ),
    notes: [
      "ended: right ones of the problems that the stage answered. AUROC: how well its confidence tells right from wrong,",
      "0.5 not at all. ECE: how far confidence is from the share of right ones. accepted: of the problems that reached the",
      "stage; right, %: among the accepted. With early stop, confidence is what was certain when drawing stopped.",
    ],
  };
}

function flipSection(methods: readonly MethodSummary[]): Section {
  const cell = ({ count, of }: StageFlips["rightToWrong"]) => `${count}/${of}`;
  return {
    title: "Flips",
    head: ["method", "from", "to", " right made wrong", " wrong made right"],
    rows: methods.flatMap(({ name, flips }) =>
      flips.map((flip) => [name, flip.from, flip.to, cell(flip.rightToWrong), cell(flip.wrongToRight)]),
    ),
    notes: [
      "What became of a stage's leading answer where the method went on: the next stage's, and the method's answer.",
    ],
  };
}

function partSection({ by, of }: Summary["parts"][number]): Section {
  return {
    title: `By ${by}`,
    head: [by, "method", " right", " %", " to large", " cost"],
    rows: of.flatMap(({ value, methods }) =>
      methods.map((method) => [
        value,
        method.name,
        hits(method),
        percentWithin(method.accuracy, method.interval),
        comparisonCells(method)[0]!,
        numberWithin(method.costs.large.mean, method.costs.large.interval),
      ]),
    ),
    notes: ["Columns as above. Parts are small: read the intervals."],
  };
}
