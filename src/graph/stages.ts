import { CopeError } from "../errors.js";
import { parseOptions } from "../options-error.js";
import { hasApprovals, hasGates, type Ask } from "../state/ask.js";
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
 *   0.5 and 0.75, frozen before they were measured on held-out problems (docs/results.md);
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
 * Super-steps a run of these stages can need, plus one: LangGraph's default of 25 is too low for long lists. Give it as
 * `recursionLimit` to `invoke`, or by `.withConfig`.
 *
 * @param ask - the graph's option of this name: nodes that ask a person are steps, too
 */
export function recommendedRecursionLimit(stages: readonly Stage[], ask?: Ask): number {
  const gate = hasGates(ask) ? 1 : 0;
  const approve = hasApprovals(ask) ? 1 : 0;
  const steps = stages.map((stage, i) => {
    const check = isChecked(stages, i) ? 1 : 0;
    const waves = check ? 3 : 1;
    if (stage.plan?.kind === "goal") return gate + waves * (2 + check);
    return gate + (stage.plan ? 1 + approve : 0) + waves * (1 + check);
  });
  return 3 + steps.reduce((a, b) => a + b, 0) + 1;
}
