import { resolveStages, strategies } from "../../graph/stages.js";
import type { GuidelineStyle, ScorerChoice } from "../../families/types.js";
import type { Stage } from "../../state/stage.js";
import { scored } from "../../nodes/choose-scorer.js";
import { VOTE } from "../scoring.js";

/** A stage list that calibration may choose, before n and thresholds. */
export interface StageList {
  /** Stages in short: "solo → guided → takeover". */
  name: string;
  stages: readonly Stage[];
  style: GuidelineStyle;
}

const STYLES: readonly GuidelineStyle[] = ["method", "critique", "worked"];

/**
 * Every way to put the known stages together that makes sense: an opening of the small model (goals, plain vote, or none), a
 * guided vote (with or without the goal), a last word of the large model (with the guideline, or plain). Nothing is left
 * out by taste: what does not pay loses by its figures.
 *
 * @param own - stage lists of one's own, which join them
 * @param scoring - what stages are scored by that name no scorer
 */
export function stageLists(own: readonly (readonly Stage[])[] = [], scoring: ScorerChoice = VOTE): StageList[] {
  const [solo, guided, takeover] = resolveStages(strategies["cope"]!);
  const [unled] = resolveStages(strategies["cope:s2s3"]!);
  const [large] = resolveStages(strategies["large"]!);
  const [small] = resolveStages(strategies["small"]!);
  const [plain] = resolveStages(strategies["majority"]!);
  const vote = { ...plain!, accept: { threshold: 0.75 } };

  const openings = [[], [solo!], [vote]];
  const bodies = (opening: readonly Stage[]) => [[], ...(opening[0] === solo ? [[guided!]] : []), [unled!]];
  const lists = openings.flatMap((opening) =>
    bodies(opening).flatMap((body) => {
      const endings = [[], [large!], ...(body.length > 0 ? [[takeover!]] : [])];
      return endings.map((ending) => [...opening, ...body, ...ending]);
    }),
  );
  const all = [[small!], ...lists.filter((stages) => stages.length > 0), ...own];
  return all.flatMap((stages) => {
    const styles = stages.some(({ plan }) => plan?.kind === "guideline") ? STYLES : STYLES.slice(0, 1);
    const judged = scored(stages, scoring, { thresholdsOpen: false });
    return styles.map((style) => ({ name: nameOf(stages, style), stages: judged, style }));
  });
}

/** Stages by their names; a guideline's style where it is not the paper's, and whether the goal is shown with it. */
function nameOf(stages: readonly Stage[], style: GuidelineStyle): string {
  const words = stages.map(({ name, plan, sees, execute }) => {
    const led = plan?.kind === "guideline" && sees.includes("goal") ? " with goal" : "";
    const vote = name === "small" && execute.samples > 1 ? "small vote" : name;
    return `${vote}${led}`;
  });
  return `${words.join(" → ")}${style === "method" ? "" : ` (${style})`}`;
}
