import { z } from "zod";
import { CopeError } from "../../errors.js";
import { resolveStages } from "../../graph/stages.js";
import { withOverrides } from "../../nodes/overrides.js";
import { parseOptions } from "../../options-error.js";
import type { StageInput } from "../../state/stage.js";
import type { Recorded } from "../recorded.js";
import { shownTo } from "../methods/cascade.js";
import { scoringOf } from "../scoring.js";
import { seriesOf } from "../series.js";
import { leaderOf } from "./leader.js";
import { rowOf, type Judged, type ScorerRow } from "./row.js";
import { scorersFor } from "./scorers/index.js";
import type { Evidence } from "./types.js";

const options = z.strictObject({
  stages: z.union([z.string(), z.array(z.custom<StageInput>())]).default("cope"),
  samples: z.int().min(1).max(256).optional(),
  atAccuracy: z.number().gt(0).max(1).default(0.9),
});

/**
 * What is compared on.
 * - `stages`: whose first stage gives the samples; name of a stage list, or one's own. Default `cope`.
 * - `samples`: n. Default the stage's.
 * - `atAccuracy`: the accuracy among accepted for which coverage is told, 0 … 1. Default 0.9.
 */
export type CompareOptions = z.input<typeof options>;

/** Every confidence on the same samples. */
export interface ScorerComparison {
  stage: string;
  /** n. */
  samples: number;
  /** Problems compared on. */
  problems: number;
  /** Problems left out: their samples are not all recorded, every call failed, or there is nothing to grade by, or nobody could tell. */
  left: { lacking: number; failed: number; ungraded: number; unknown: number };
  atAccuracy: number;
  /** Name of the scorer whose number of accepted problems those without a threshold of their own are given. */
  base: string;
  rows: ScorerRow[];
}

/**
 * Holds every confidence against the grades of the same samples, those of a list's first stage.
 *
 * @throws CopeError `OPTIONS_INVALID`; `NOT_RECORDED` where no problem has all samples of the stage
 */
export function compareScorers(
  { views, recording }: Pick<Recorded, "views" | "recording">,
  given: CompareOptions = {},
): ScorerComparison {
  const { stages: asked, samples, atAccuracy } = parseOptions(options, given, "compare-scorers");
  const list = withOverrides(resolveStages(asked), samples === undefined ? {} : { samples });
  const [stage, next] = list;
  const series = seriesOf(stage!);
  // A list may open with a guided stage, whose samples are shown their guideline.
  const guideline = stage!.plan?.kind === "guideline" ? seriesOf(stage!, { part: "plan" }) : undefined;
  const n = stage!.execute.samples;
  const left = { lacking: 0, failed: 0, ungraded: 0, unknown: 0 };
  const problems: Evidence[] = [];
  for (const view of views) {
    const plan = guideline && view.find(guideline, {}, 0)?.text;
    const draws = view.prefix(series, shownTo(stage!, plan ? { guideline: plan } : {}), n);
    const labels = view.labels(draws);
    if (draws.length < n) left.lacking += 1;
    else if (draws.every(({ failed }) => failed)) left.failed += 1;
    else if (draws.some(({ gradeUnknown }) => gradeUnknown)) left.unknown += 1;
    else if (draws.some(({ value, right }) => value !== null && right === null)) left.ungraded += 1;
    else {
      const counts = [...new Set(labels.filter((label) => label >= 0))].map(
        (label) => labels.filter((other) => other === label).length,
      );
      problems.push({ problem: view.problem, draws, labels, counts, leader: leaderOf(draws, labels), view });
    }
  }
  if (problems.length === 0) {
    const reason = `no problem of ${recording.data} has ${n} graded samples of stage "${stage!.name}" (${series.id}).`;
    const remedy =
      left.ungraded > 0 && left.lacking === 0
        ? "there is nothing to grade by: compare on data whose answers are known; open text has to be judged instead."
        : "record them: cope eval --methods cope --all-draws on the same data.";
    throw new CopeError("NOT_RECORDED", reason, remedy);
  }
  const scoring = scoringOf(recording.family, recording);
  const isOpen = OPEN_TEXT.has(scoring.name);
  const judged: Judged[] = scorersFor(stage!, next, isOpen ? scoring : undefined).map((scorer) => ({
    scorer,
    scores: problems.map((evidence) => {
      const said = scorer.score(evidence);
      if (!said) return undefined;
      const leader = "leader" in said ? said.leader : evidence.leader;
      return { ...said, right: leader?.right === true };
    }),
  }));
  const base = judged.find(({ scorer }) => scorer.name === (isOpen ? "perplexity" : "vote"))!;
  const accepts = base.scores.filter((said) => said && said.score >= (base.scorer.threshold as number)).length;
  const rows = judged.map((each): ScorerRow => {
    const { name, about, control = false, votes } = each.scorer;
    if (isOpen && votes) return { name, about, control, notApplicable: true };
    return rowOf(each, { accepts, atAccuracy });
  });
  const { name } = base.scorer;
  return { stage: stage!.name, samples: n, problems: problems.length, left, atAccuracy, base: name, rows };
}

/** Scorers of families whose answers are texts that nobody can hold against each other. */
const OPEN_TEXT: ReadonlySet<string> = new Set(["perplexity", "agreement"]);
