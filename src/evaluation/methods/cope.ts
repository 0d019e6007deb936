import type { GuidelineStyle, ScorerChoice } from "../../families/types.js";
import { resolveStages, strategies } from "../../graph/stages.js";
import { withOverrides } from "../../nodes/overrides.js";
import type { Stage, StageInput } from "../../state/stage.js";
import { scored } from "../../nodes/choose-scorer.js";
import { VOTE } from "../scoring.js";
import { createCascade } from "./cascade.js";
import { thresholdsThatMatter } from "./recorded-scorers.js";
import type { Method } from "./types.js";

/** Which cascade, and what of it differs from the stage list. */
export interface CopeMethodOptions {
  /** Name of a stage list, or one's own. @default "cope" */
  stages?: string | readonly StageInput[];
  /** Name in tables. @default the stage list's */
  name?: string;
  samples?: number;
  thresholds?: number[];
  style?: GuidelineStyle;
  /** As the option of `createCope`. @default false */
  harmGuard?: boolean;
  /** What stages are scored by that name no scorer. @default the vote */
  scoring?: ScorerChoice;
}

/**
 * The cascade as a method: stages, samples, thresholds and guideline style as given (arXiv 2506.11578, section 3).
 *
 * @throws CopeError `OPTIONS_INVALID` as `createCope` does
 */
export function createCopeMethod(options: CopeMethodOptions = {}): Method {
  const { stages = "cope", style = "method", scoring = VOTE, harmGuard = false } = options;
  const name = options.name ?? (typeof stages === "string" ? stages : "cope");
  const thresholdsOpen = typeof stages === "string" && options.thresholds === undefined;
  const list = scored(withOverrides(resolveStages(stages), options), scoring, { thresholdsOpen });
  const method = createCascade({ name, about: describe(list), stages: list, style, harmGuard });
  return { ...method, variants: () => variantsOf(list, name, { style, harmGuard }) };
}

/** "solo 8 ≥ 0.75, guided 8 ≥ 0.5, takeover". */
function describe(stages: readonly Stage[]): string {
  const checked = ({ execute, accept }: Stage) => `${execute.samples}${accept ? ` ≥ ${accept.threshold}` : ""}`;
  return stages.map((stage) => `${stage.name} ${checked(stage)}`).join(", ");
}

/**
 * A few thresholds stand for all. Each is walked with all draws at once and with the stage's own early stop, after which
 * another answer may lead.
 */
function variantsOf(
  stages: readonly Stage[],
  name: string,
  how: Pick<CopeMethodOptions, "style" | "harmGuard">,
): Method[] {
  const waves = [...new Set(["all" as const, ...stages.map((stage) => stage.execute.wave)])];
  const lists = waves.flatMap((wave) => {
    const every = stages.map((stage) => ({ ...stage, execute: { ...stage.execute, wave } }));
    return everyThreshold(every);
  });
  return lists.map((list) => createCascade({ name, about: "", stages: list, ...how }));
}

/** The stage list under all thresholds that make a difference. */
export function everyThreshold(stages: readonly Stage[]): Stage[][] {
  return stages.reduce<Stage[][]>(
    (lists, stage, i) => {
      const { accept, execute } = stage;
      if (!accept || i === stages.length - 1) return lists.map((list) => [...list, stage]);
      return lists.flatMap((list) =>
        thresholdsThatMatter(accept.scorer, execute.samples).map((threshold) => [
          ...list,
          { ...stage, accept: { ...accept, threshold } },
        ]),
      );
    },
    [[]],
  );
}

/** Names of the stage lists that are cascades. */
export const COPE_LISTS: readonly string[] = Object.keys(strategies).filter((name) =>
  /^(cope|cascade)(:|$)/.test(name),
);
