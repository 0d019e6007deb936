import type { ScorerChoice } from "../../../families/types.js";
import type { Stage } from "../../../state/stage.js";
import type { ComparedScorer } from "../types.js";
import { acrossPrompts } from "./across-prompts.js";
import { acrossStages } from "./across-stages.js";
import { boxed } from "./boxed.js";
import { chance, textLength } from "./controls.js";
import { entropy } from "./entropy.js";
import { firstTwo } from "./first-two.js";
import { meanLogprob, weightedVote } from "./logprob.js";
import { margin } from "./margin.js";
import { perplexity } from "./perplexity.js";
import { selfGrade } from "./self-grade.js";
import { selfVerification } from "./self-verification.js";
import { smoothed } from "./smoothed.js";
import { tokenMargin } from "./token-margin.js";
import { voteShare } from "./vote-share.js";

/** The paper's, where a stage that answers in any case has none. */
const THRESHOLD = 0.75;

/**
 * Every confidence that a stage's samples can be scored by, the vote first. A new one is a file and a line here.
 *
 * @param next - the stage that follows
 * @param open - what open text is judged by, with its thresholds; undefined where answers are held against each other
 */
export function scorersFor(
  { name, accept }: Stage,
  next: Stage | undefined,
  open: ScorerChoice | undefined,
): ComparedScorer[] {
  const threshold = accept?.threshold ?? THRESHOLD;
  return [
    voteShare(threshold),
    margin,
    entropy,
    smoothed(threshold),
    firstTwo,
    ...(next?.plan?.kind === "guideline" ? [acrossStages(next)] : []),
    acrossPrompts,
    selfVerification,
    selfGrade,
    meanLogprob,
    tokenMargin,
    perplexity(open ? (open.thresholds?.[name] ?? threshold) : "as base"),
    weightedVote(threshold),
    boxed,
    textLength,
    chance,
  ];
}
