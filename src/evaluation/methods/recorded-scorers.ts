import { CopeError } from "../../errors.js";
import { shareOf } from "../../scorers/checked.js";
import { perplexityScores, type ScoredAttempt } from "../../scorers/perplexity.js";
import { runChecked } from "../../scorers/run-checked.js";
import { runScored } from "../../scorers/run-scored.js";
import { runVote, type VoteRun } from "../../scorers/run-vote.js";
import type { StopRule } from "../../scorers/types.js";
import type { WavePolicy } from "../../state/wave.js";
import type { Draw } from "../draw.js";
import type { View } from "../view.js";

/** What a stage asks of its scorer. */
export interface StageRun {
  threshold: number;
  policy: WavePolicy;
  planned: number;
  stop: StopRule | undefined;
}

/** A scorer on recorded draws, walked wave by wave as the graph does. */
export type RecordedScorer = (drawn: readonly Draw[], view: View, run: StageRun) => VoteRun;

/** The graph's scorers by name, as far as recorded draws hold what they read. */
const RECORDED: Readonly<Record<string, RecordedScorer>> = {
  vote: (drawn, view, run) => runVote(view.labels(drawn), run),
  tests: (drawn, _view, run) => runChecked(drawn.map(shareOf), run),
  perplexity(drawn, _view, run) {
    if (drawn.length === run.planned) assertTold(drawn);
    return runScored(perplexityScores(drawn.map(attemptOf)), run);
  },
};

const attemptOf = ({ value, meanLogprob, finish }: Draw): ScoredAttempt => ({
  readable: value !== null,
  meanLogprob,
  finish,
});

/** As in a run: a sample without log-probabilities has lost its vote, and of a stage without any nothing can be said. */
function assertTold(drawn: readonly Draw[]): void {
  const readable = drawn.filter(({ value, calls }) => value !== null && calls.length > 0);
  if (readable.length === 0 || readable.some(({ meanLogprob }) => meanLogprob !== undefined)) return;
  const reason = `no draw of a stage of problem ${readable[0]!.problem} has log-probabilities, which the perplexity scorer reads.`;
  const remedy = "record with cope eval --logprobs, as it does for open text by itself, and a model that tells them.";
  throw new CopeError("NOT_RECORDED", reason, remedy);
}

/** What to do where a scorer of the graph reads what is not recorded. */
const INSTEAD: Readonly<Record<string, string>> = {
  agreement: "record with models that tell log-probabilities, which perplexity reads (cope eval --logprobs)",
  fields: 'evaluate with the family "choice", whose vote counts whole answers',
};

/** @throws CopeError `OPTIONS_INVALID` for a scorer of which recorded draws say nothing */
export function recordedScorer(name: string, stage: string): RecordedScorer {
  if (Object.hasOwn(RECORDED, name)) return RECORDED[name]!;
  const reason = `stage "${stage}" is scored by "${name}", which recorded draws say nothing of.`;
  const others = `use ${Object.keys(RECORDED).join(", ")}`;
  throw new CopeError("OPTIONS_INVALID", reason, `${INSTEAD[name] ?? others}; see docs/replay.md.`);
}

/**
 * Thresholds that stand for all where draws are recorded: with votes one for each number of them; where the final confidence
 * is 0 or 1, the one that tells them apart; else one that everything reaches and one that nothing does, since all draws are
 * made whatever the threshold is.
 */
export function thresholdsThatMatter(scorer = "vote", samples = 8): number[] {
  if (scorer === "vote") return Array.from({ length: samples }, (_, vote) => (vote + 1) / samples);
  return scorer === "tests" ? [1] : [0, 1];
}
