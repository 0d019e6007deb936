import { createCascade } from "./cascade.js";
import { strategies } from "../../graph/stages.js";
import type { StageInput } from "../../state/stage.js";
import type { Method } from "./types.js";

/** One plain answer of the small model, greedy. */
export const createSmall = (): Method =>
  createCascade({ name: "small", about: "one answer of the small model", stages: "small" });

/** One plain answer of the large model, greedy: what every cascade is compared with. */
export const createLarge = (): Method =>
  createCascade({ name: "large", about: "one answer of the large model", stages: "large" });

/** The vote of `samples` plain answers of the small model (self-consistency, arXiv 2203.11171). */
export function createMajority(samples = 8): Method {
  const [stage] = strategies["majority"]! as [StageInput];
  const stages = [{ ...stage, execute: { ...stage.execute, samples } }];
  return createCascade({ name: "majority", about: `the vote of ${samples} answers of the small model`, stages });
}
