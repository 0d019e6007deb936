import { CopeError } from "../errors.js";
import type { RunOptions } from "../state/options.js";
import type { Stage } from "../state/stage.js";

/**
 * A stage list with the samples, thresholds and lengths of one run.
 *
 * @throws CopeError OPTIONS_INVALID where there are not as many thresholds as stages that have one
 */
export function withOverrides(
  stages: readonly Stage[],
  { samples, thresholds, maxTokens }: Readonly<Pick<RunOptions, "samples" | "thresholds" | "maxTokens">>,
): Stage[] {
  const withThreshold = stages.filter((stage, i) => stage.accept && i < stages.length - 1);
  if (thresholds && thresholds.length !== withThreshold.length) {
    const names = withThreshold.map((stage) => stage.name).join(", ") || "none";
    throw new CopeError(
      "OPTIONS_INVALID",
      `${thresholds.length} thresholds are given where ${withThreshold.length} stages have one (${names}).`,
      "give one threshold for each of these stages, in order.",
    );
  }
  return stages.map((stage) => {
    const at = withThreshold.indexOf(stage);
    const threshold = thresholds?.[at];
    return {
      ...stage,
      // A stage with one sample is one on purpose: there is nothing to vote on.
      execute: {
        ...stage.execute,
        samples: stage.execute.samples === 1 ? 1 : (samples ?? stage.execute.samples),
        ...(maxTokens === undefined ? {} : { maxTokens }),
      },
      ...(stage.accept && threshold !== undefined ? { accept: { ...stage.accept, threshold } } : {}),
    };
  });
}
