import type { StageFlips, Summary } from "../../summary/types.js";
import { INK, RIGHT, WRONG } from "../theme.js";
import { NARROW, placeOf, sized, type Chart } from "./chart.js";

const ROW = 24;

/** Where problems ended, and how many are right there. */
export function endsChart({ methods }: Summary): Chart | undefined {
  const ends = methods.flatMap(({ name, ends: of }) => (of.length > 1 ? of.map((end) => ({ name, ...end })) : []));
  if (ends.length === 0) return undefined;
  const values = ends.flatMap(({ name, stage, right }) => {
    const bar = { label: labelOf(name, stage), place: placeOf(name, { ended: stage }) };
    return [
      { ...bar, what: "right", count: right.count, said: `${bar.label}: ${right.count} right` },
      { ...bar, what: "wrong", count: right.of - right.count, said: `${bar.label}: ${right.of - right.count} wrong` },
    ];
  });
  return {
    id: "ends",
    title: "Where problems ended",
    alt: `Problems by the stage that answered: ${ends.map(({ name, stage, right }) => `${name} ${stage} ${right.of}, ${right.count} of them right`).join("; ")}.`,
    note: "Each bar leads to its problems.",
    panels: [
      {
        spec: {
          ...sized(NARROW, 46 + ROW * ends.length),
          data: { values },
          mark: { type: "bar", height: 14, cursor: "pointer" },
          encoding: {
            y: {
              field: "label",
              type: "nominal",
              sort: ends.map(({ name, stage }) => labelOf(name, stage)),
              title: null,
            },
            x: { field: "count", type: "quantitative", title: "problems", axis: { tickMinStep: 1, tickCount: 5 } },
            color: {
              field: "what",
              type: "nominal",
              legend: null,
              scale: { domain: ["right", "wrong"], range: [RIGHT, WRONG] },
            },
            href: { field: "place" },
            description: { field: "said" },
          },
        },
      },
    ],
    legend: [
      { label: "right", colour: RIGHT },
      { label: "wrong", colour: WRONG },
    ],
    data: {
      head: ["method", "stage", " ended", " graded", " right", " fell back"],
      rows: ends.map(({ name, stage, problems, right, fallbacks }) =>
        [name, stage, problems, right.of, right.count, fallbacks].map(String),
      ),
    },
  };
}

/** What later stages made of earlier ones' leading answers. */
export function flipsChart({ methods }: Summary): Chart | undefined {
  const flips = methods.flatMap(({ name, flips: of }) => of.map((flip) => ({ name, ...flip })));
  if (flips.length === 0) return undefined;
  const shown = flips.filter((flip, i) => !repeats(flip, flips[i - 1]));
  const labels = shown.map(({ name, from, to }) => `${labelOf(name, from)} → ${to.toWellFormed()}`);
  const values = shown.flatMap(({ name, from, to, rightToWrong, wrongToRight }, i) => {
    const bar = { label: labels[i] };
    const place = (flip: string) => placeOf(name, { from, to, flip });
    const said = (count: number, what: string) => `${labels[i]}: ${count} ${what}`;
    return [
      {
        ...bar,
        what: "right made wrong",
        count: -rightToWrong.count,
        place: place("wrong"),
        said: said(rightToWrong.count, "right made wrong"),
      },
      {
        ...bar,
        what: "wrong made right",
        count: wrongToRight.count,
        place: place("right"),
        said: said(wrongToRight.count, "wrong made right"),
      },
    ];
  });
  return {
    id: "flips",
    title: "Flips",
    alt: `Answers that changed: ${flips.map(({ name, from, to, rightToWrong, wrongToRight }) => `${name} ${from} to ${to}, ${rightToWrong.count} right made wrong, ${wrongToRight.count} wrong made right`).join("; ")}.`,
    note: "What became of a stage's leading answer where the method went on: at the next stage, and in the method's answer.",
    panels: [
      {
        spec: {
          ...sized(NARROW, 46 + ROW * shown.length),
          data: { values },
          layer: [
            {
              mark: { type: "bar", height: 14, cursor: "pointer" },
              encoding: {
                color: {
                  field: "what",
                  type: "nominal",
                  legend: null,
                  scale: { domain: ["right made wrong", "wrong made right"], range: [WRONG, RIGHT] },
                },
                href: { field: "place" },
                description: { field: "said" },
              },
            },
            { mark: { type: "rule", color: INK }, encoding: { x: { datum: 0 }, y: null } },
          ],
          encoding: {
            y: { field: "label", type: "nominal", sort: labels, title: null },
            x: {
              field: "count",
              type: "quantitative",
              title: "problems",
              axis: { tickMinStep: 1, tickCount: 5, labelExpr: "format(abs(datum.value), 'd')" },
            },
          },
        },
      },
    ],
    legend: [
      { label: "right made wrong", colour: WRONG },
      { label: "wrong made right", colour: RIGHT },
    ],
    data: {
      head: ["method", "from", "to", " right before", " made wrong", " wrong before", " made right"],
      rows: flips.map(({ name, from, to, rightToWrong, wrongToRight }) =>
        [name, from, to, rightToWrong.of, rightToWrong.count, wrongToRight.of, wrongToRight.count].map(String),
      ),
    },
  };
}

/** Where a method went on once, its answer is the next stage's. */
function repeats(flip: StageFlips & { name: string }, before: (StageFlips & { name: string }) | undefined): boolean {
  const counts = ({ name, from, rightToWrong, wrongToRight }: StageFlips & { name: string }) =>
    JSON.stringify([name, from, rightToWrong, wrongToRight]);
  return flip.to === "answer" && before !== undefined && counts(flip) === counts(before);
}

const labelOf = (method: string, stage: string): string => `${method} · ${stage}`.toWellFormed();
