import { CopeError } from "../errors.js";
import { parseOptions } from "../options-error.js";
import type { AnyFamily, ScorerChoice } from "../families/types.js";
import type { RunOptions } from "../state/options.js";
import { isChecked, Stage, type StageInput } from "../state/stage.js";
import { z } from "zod";

const solo: StageInput = {
  name: "solo",
  plan: { by: "small", kind: "goal", temperature: 0.8 },
  sees: ["goal"],
  execute: { by: "small", samples: 8, temperature: 0.4 },
  accept: { threshold: 0.75 },
};

const guided: StageInput = {
  name: "guided",
  plan: { by: "large", kind: "guideline", temperature: 0.8 },
  sees: ["goal", "guideline"],
  execute: { by: "small", samples: 8, temperature: 0.8 },
  accept: { threshold: 0.5 },
};

const takeover: StageInput = {
  name: "takeover",
  sees: ["guideline"],
  execute: { by: "large", samples: 1, temperature: 0 },
};

function alone(by: string, samples: number, temperature: number): StageInput {
  return { name: by, execute: { by, samples, temperature } };
}

/** The draws of `majority`, so that an evaluation of both makes them once. */
const direct: StageInput = { ...alone("small", 8, 0.8), accept: { threshold: 0.5 } };

/** One vote in two that is wrong is common among very small models, also under a guideline: hence the higher threshold. */
const guidedDirect: StageInput = { ...guided, sees: ["guideline"], accept: { threshold: 0.75 } };

/**
 * Stage lists by name.
 * - `cope`: the paper's three stages with its defaults n = 8, thresholds 0.75 and 0.5 (arXiv 2506.11578, section 3);
 * - `cope:s1s2`: never asks the large model to execute; `cope:s2s3`: no attempt without guidance;
 * - `cope:direct`: the small model answers without goals of its own, which very small models often write wrong; thresholds
 *   0.5 and 0.75, frozen before they were measured on held-out problems (bench/RESULTS.md);
 * - `cascade`: the small model's vote, else one plain answer of the large one; nobody plans;
 * - `small`, `large`: one plain call; `majority`: the vote of eight small samples, whatever its confidence.
 */
export const strategies: Readonly<Record<string, readonly StageInput[]>> = {
  cope: [solo, guided, takeover],
  "cope:s1s2": [solo, guided],
  "cope:s2s3": [{ ...guided, sees: ["guideline"] }, takeover],
  "cope:direct": [direct, guidedDirect, takeover],
  cascade: [direct, alone("large", 1, 0)],
  small: [alone("small", 1, 0)],
  majority: [alone("small", 8, 0.8)],
  large: [alone("large", 1, 0)],
};

/**
 * Stages by name, or a list of one's own, checked as a whole.
 *
 * @throws CopeError OPTIONS_INVALID where a stage shows a plan that nobody has written by then, where a stage that is not
 * the last has no threshold, where names repeat, or where a field is wrong
 */
export function resolveStages(given: string | readonly StageInput[]): Stage[] {
  const list = typeof given === "string" ? named(given) : given;
  const stages = parseOptions(z.array(Stage).min(1), list, "stages");
  const names = new Set<string>();
  let guideline = false;
  let goal = false;
  stages.forEach((stage, i) => {
    const isLast = i === stages.length - 1;
    if (names.has(stage.name)) throw wrong(stage, "its name is taken", "give each stage a name of its own");
    names.add(stage.name);
    if (!isLast && !stage.accept)
      throw wrong(stage, "it is not the last and has no threshold", "add accept: { threshold }");
    guideline ||= stage.plan?.kind === "guideline";
    goal ||= stage.plan?.kind === "goal";
    if (stage.sees.includes("guideline") && !guideline)
      throw wrong(stage, "it sees a guideline that nobody has written by then", "let it or an earlier stage plan one");
    if (stage.sees.includes("goal") && !goal)
      throw wrong(stage, "it sees a goal that nobody has written by then", "let it or an earlier stage plan one");
    if (
      stage.plan &&
      !stage.sees.includes(stage.plan.kind) &&
      !stages.slice(i + 1).some((later) => later.sees.includes(stage.plan!.kind))
    ) {
      throw wrong(
        stage,
        `it writes a ${stage.plan.kind} that no stage sees`,
        `add "${stage.plan.kind}" to what it sees`,
      );
    }
  });
  return stages;
}

function named(name: string): readonly StageInput[] {
  if (Object.hasOwn(strategies, name)) return strategies[name]!;
  throw new CopeError(
    "OPTIONS_INVALID",
    `there is no strategy named "${name}".`,
    `use one of ${Object.keys(strategies).join(", ")}, or a list of stages.`,
  );
}

function wrong(stage: Stage, reason: string, remedy: string): CopeError {
  return new CopeError("OPTIONS_INVALID", `stage "${stage.name}": ${reason}.`, `${remedy}.`);
}

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

/** A family's scorers in order of preference. */
export const scorerChoices = ({ scorer }: Pick<AnyFamily, "scorer">): readonly ScorerChoice[] =>
  typeof scorer === "string" ? [{ name: scorer }] : scorer;

/** The scorer a family likes best, before anything is known of the models. */
export const firstScorer = (family: Pick<AnyFamily, "scorer">): string => scorerChoices(family)[0]!.name;

/** Stages with their scorer named, and with its thresholds where nobody has chosen others. */
export function scored(
  stages: readonly Stage[],
  { name, thresholds }: ScorerChoice,
  { thresholdsOpen }: { thresholdsOpen: boolean },
): Stage[] {
  return stages.map((stage, i) => {
    if (!isLeft(stages, i)) return stage;
    // A last stage answers whatever its confidence.
    const own = stage.accept?.threshold ?? 0;
    const threshold = thresholdsOpen && stage.accept ? (thresholds?.[stage.name] ?? own) : own;
    return { ...stage, accept: { scorer: name, threshold } };
  });
}

/** Whether a stage is scored, and leaves it to its family by what. */
export const isLeft = (stages: readonly Stage[], i: number): boolean =>
  isChecked(stages, i) && !stages[i]!.accept?.scorer;
