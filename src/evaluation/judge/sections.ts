import { numberWithin, percentWithin } from "../summary/format.js";
import type { Section } from "../summary/sections.js";
import { textOf } from "../summary/table.js";
import type { Judgements } from "./types.js";

/** What a judge said, as tables. */
export function judgeSections(judgements: Judgements): Section[] {
  return [pairSection(judgements), ...(judgements.grades.length > 0 ? [gradeSection(judgements)] : [])];
}

/** The tables as text, as a terminal shows them. */
export const judgeTable = (judgements: Judgements): string => `${judgeSections(judgements).map(textOf).join("\n\n")}\n`;

function pairSection({ judge, against, methods, agreement, first, problems, cut, stopped }: Judgements): Section {
  const shown = (["unreadable", "failed", "same", "missing"] as const).filter((result) =>
    methods.some(({ results }) => results[result] > 0),
  );
  const row = (
    name: string,
    of: readonly (typeof methods)[number][],
    shares: Pick<Judgements, "agreement" | "first">,
  ) => [
    name,
    ...(["win", "tie", "loss", "inconsistent", ...shown] as const).map((result) =>
      String(of.reduce((sum, { results }) => sum + results[result], 0)),
    ),
    percentWithin(shares.agreement.share, shares.agreement.interval),
    percentWithin(shares.first.share, shares.first.interval),
  ];
  return {
    title: `Beside ${against}, as ${judge.model} judges`,
    head: [
      "method",
      " wins",
      " ties",
      " losses",
      " differ",
      ...shown.map((name) => ` ${name}`),
      " agree %",
      " first %",
    ],
    rows: [
      ...methods.map((one) => row(one.method, [one], one)),
      ...(methods.length > 1 ? [row("all", methods, { agreement, first })] : []),
    ],
    notes: [
      `${problems} problems; each pair is judged twice, with the answers in either order. wins, ties, losses: both orders say`,
      "so; differ: they do not, and the pair counts for neither. agree %: pairs on which both orders say the same, of those with",
      "two verdicts. first %: verdicts for the answer that stood first, of those that chose one; 50 where order means nothing.",
      "Both with Wilson's 95 % interval. A judge that seldom agrees with itself says nothing of the methods.",
      ...(shown.includes("same") ? ["same: both answers are one text, which is not judged."] : []),
      ...(shown.includes("missing") ? ["missing: one of the two has no answer."] : []),
      ...(shown.includes("unreadable") ? ["unreadable: an order without a verdict."] : []),
      ...(shown.includes("failed") ? ["failed: a judge's call was not answered."] : []),
      ...(cut > 0
        ? [`${cut === 1 ? "1 text was" : `${cut} texts were`} too long for the judge and cut in the middle.`]
        : []),
      ...(stopped ? ["The limit ended it before all problems were judged."] : []),
    ],
  };
}

function gradeSection({ judge, grades }: Judgements): Section {
  const hasFailed = grades.some(({ failed }) => failed > 0);
  return {
    title: `Grades beside a reference, as ${judge.model} gives them`,
    head: ["method", " n", " grade", " unread", ...(hasFailed ? [" failed"] : [])],
    rows: grades.map(({ method, mean, unreadable, failed }) => [
      method,
      String(mean.n),
      numberWithin(mean.mean, mean.interval),
      String(unreadable),
      ...(hasFailed ? [String(failed)] : []),
    ]),
    notes: [
      "grade: mean of 1 (useless) to 10, on problems with a reference; 95 % interval, bootstrap over problems. One judgement an",
      "answer, so a judge's leanings (for length, for its own manner) stand in it unseen. unread: no grade could be read.",
    ],
  };
}
