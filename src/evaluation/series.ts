import { createHash } from "node:crypto";
import type { GuidelineStyle, PlanRequest } from "../families/types.js";
import { canonicalJson } from "../models/request-key.js";
import { Stage, type StageInput } from "../state/stage.js";

/**
 * Draws that methods share: everything that decides how a sample of a stage is drawn, and nothing that decides how many
 * are drawn or when they are enough. Two methods whose stages differ only in n or threshold read the same series.
 */
export interface Series {
  /** Stage name and a hash of the rest, for example `solo-1f0a9c`. */
  id: string;
  stage: Stage;
  /** `plan`: the stage's one guideline. `sample`: what its executor draws, each with a goal of its own where it plans goals. `vector`: an embedding of the question with an answer that its executor gave. */
  part: "plan" | "sample" | "vector";
  /** How a guideline is asked for. */
  style: GuidelineStyle;
  /** Name of other prompts than the family's own: see `wordings.ts`. */
  wording?: string;
}

/** The series of a stage's samples, or of its guideline. */
export function seriesOf(
  given: StageInput,
  { part = "sample", style = "method", wording }: Partial<Pick<Series, "part" | "style" | "wording">> = {},
): Series {
  const stage = Stage.parse(given);
  const { by, temperature, maxTokens } = stage.execute;
  // A sample's guideline is part of what the draw was given, so its style does not matter here.
  const drawn =
    part === "plan"
      ? { plan: stage.plan, style }
      : part === "vector"
        ? { embed: { by } }
        : {
            ...(stage.plan?.kind === "goal" ? { plan: stage.plan } : {}),
            sees: stage.sees,
            execute: { by, temperature, maxTokens },
            wording,
          };
  const name = part === "sample" ? stage.name : `${stage.name}-${part}`;
  return { id: `${name}-${shortHash(canonicalJson(drawn))}`, stage, part, style, ...(wording ? { wording } : {}) };
}

/** What a draw is shown that depends on other draws of its problem. */
export interface Given {
  /** The carried goal, with the index of the sample it was written for. */
  goal?: { index: number; text: string };
  guideline?: string;
  /** How an earlier stage's votes split, for a guideline that answers to them. */
  votes?: NonNullable<PlanRequest["votes"]>;
  /** The same where samples were run: what they failed. */
  failures?: NonNullable<PlanRequest["failures"]>;
  /** An answer that is to be judged. */
  answer?: { index: number; text: string };
}

/** `Given` as one short string, equal for equal ones: a draw's `given`. */
export function givenKey({ goal, guideline, votes, failures, answer }: Given): string {
  return [
    goal && `goal ${goal.index}`,
    guideline && `guideline ${shortHash(guideline)}`,
    votes?.length && `votes ${shortHash(canonicalJson(votes))}`,
    failures?.length && `failures ${shortHash(canonicalJson(failures.map(sealedFailure)))}`,
    answer && `answer ${answer.index}`,
  ]
    .filter(Boolean)
    .join(", ");
}

const sealedFailure = ({ test, why, samples }: NonNullable<Given["failures"]>[number]) => [
  seal(test),
  seal(why),
  samples,
];

/** What sealed texts begin with. */
const SEAL = "#sealed:";

/**
 * A text as nothing but what tells it from others, so that a recording can be shown without it: places that depend on the
 * text stay the same. A sealed one stays as it is, an empty one empty.
 */
export function seal(text: string): string {
  return text === "" || isSealed(text) ? text : `${SEAL}${shortHash(text)}`;
}

/** Whether a text is nothing but a seal any more. */
export const isSealed = (text: string): boolean => text.startsWith(SEAL);

function shortHash(text: string): string {
  if (isSealed(text)) return text.slice(SEAL.length);
  return createHash("sha256").update(text).digest("hex").slice(0, 6);
}
