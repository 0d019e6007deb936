import { createCascade } from "./cascade.js";
import { strategies } from "../../graph/stages.js";
import type { ScorerChoice } from "../../families/types.js";
import { Stage } from "../../state/stage.js";
import { scored } from "../../nodes/choose-scorer.js";
import { VOTE } from "../scoring.js";
import type { Method } from "./types.js";

/** One plain answer of the small model, greedy. */
export const createSmall = (): Method =>
  createCascade({ name: "small", about: "one answer of the small model", stages: "small" });

/** One plain answer of the large model, greedy: what every cascade is compared with. */
export const createLarge = (): Method =>
  createCascade({ name: "large", about: "one answer of the large model", stages: "large" });

/** How several answers of one model become one: how many, and by which scorer its family judges them. */
export interface SeveralOptions {
  /** @default 8 */
  samples?: number | undefined;
  /** @default the vote */
  scoring?: ScorerChoice | undefined;
}

/**
 * The best of several plain answers of the small model: by their vote (self-consistency, arXiv 2203.11171), or by what else
 * its family judges samples by, as programs by their visible tests.
 */
export const createMajority = (options: SeveralOptions = {}): Method => several("majority", "small", options);

/** The same of the large model: the honest rival of a cascade that draws many samples. */
export const createLargeMajority = (options: SeveralOptions = {}): Method =>
  several("large-majority", "large", options);

function several(name: string, role: "small" | "large", { samples = 8, scoring = VOTE }: SeveralOptions): Method {
  const [majority] = strategies["majority"]!;
  const { execute, ...stage } = Stage.parse(majority);
  const stages = scored([{ ...stage, name: role, execute: { ...execute, by: role, samples } }], scoring, {
    thresholdsOpen: false,
  });
  const how =
    scoring.name === "vote" ? `the vote of ${samples} answers` : `the best of ${samples} answers by ${scoring.name},`;
  return createCascade({ name, about: `${how} of the ${role} model`, stages });
}
