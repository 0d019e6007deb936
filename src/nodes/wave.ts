import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { Same } from "../scorers/types.js";
import { MAX_WAVES, nextWave } from "../scorers/waves.js";
import type { RunState } from "../state/channels.js";
import type { Settings } from "../state/options.js";
import type { Sample } from "../state/sample.js";
import type { Stage } from "../state/stage.js";
import type { Wave } from "../state/wave.js";
import { runKey, type Kit } from "./kit.js";
import { fit, leftOf, worstStage } from "./limits.js";
import { atWorst } from "./unknown-cost.js";

/** What the node that plans a wave must know of the run. */
export type Deciding = Pick<RunState, "turn" | "task" | "settings" | "calls">;

/** A stage as this run's settings have it: samples and thresholds may differ from the list the graph was built of. */
export function stageNow(name: string, settings: Settings): Stage {
  return settings.stages.find((stage) => stage.name === name)!;
}

/** Least confidence a stage accepts. The last stage answers in any case: there it only has to be settled who leads. */
export function thresholdOf(stage: Stage, settings: Settings): number {
  return settings.stages.at(-1) === stage ? 0 : stage.accept!.threshold;
}

/** How many samples a stage draws next, whatever the budget says. */
async function wanted(kit: Kit, stage: Stage, settings: Settings, { samples = [], waves = 0, same }: Progress) {
  const planned = stage.execute.samples;
  const drawn = samples.length;
  if (planned === 1) return 1;
  const { stop } = stage.execute;
  const draw = {
    planned,
    same: same ?? kit.family(settings).same,
    threshold: thresholdOf(stage, settings),
    ...(stop ? { stop } : {}),
  };
  const missing = await kit.scorer(stage, settings).missing?.(samples, draw);
  return nextWave({ policy: stage.execute.wave, waves, drawn, planned, ...(missing ? { missing } : {}) });
}

/** Where in a stage the next wave falls; nothing given: at its beginning, with its plan still to be written. */
interface Progress {
  /** Samples the stage has, in index order. */
  samples?: readonly Sample[];
  /** Waves it has drawn. */
  waves?: number;
  /** Its guideline is written and paid. */
  planned?: boolean;
  /** Its guideline's call failed, so every sample fails without a call: all at once, for nothing is to be saved. */
  doomed?: boolean;
  /** All that remain are wanted at once, whatever the policy. */
  rest?: boolean;
  /** How the samples are compared. @default as the family does */
  same?: Same;
}

/**
 * Plans a stage's next wave: as many samples as the policy wants, cut to what the budget allows in the worst case. Limits
 * are checked here, once a wave, before anything is sent. An empty wave says by `stop` which limit it was.
 */
export async function planWave(
  kit: Kit,
  run: Deciding,
  name: string,
  progress: Progress,
  config: LangGraphRunnableConfig,
): Promise<Wave> {
  const { samples = [], waves = 0, planned = false, doomed = false, rest = false } = progress;
  const { settings } = run;
  const stage = stageNow(name, settings);
  const nothing: Wave = { stage: name, indices: [], attempts: 1 };
  const deadline = kit.clock.deadline(runKey(run.turn, settings, config), settings.budget.ms);
  if (deadline?.aborted) return { ...nothing, stop: "timeout" };

  // The last wave takes all that remain, unless the budget cuts it; more small ones would be more steps than a graph may take.
  if (waves >= MAX_WAVES) return { ...nothing, stop: "budget" };
  if (doomed) return { ...nothing, indices: Array.from({ length: stage.execute.samples }, (_, index) => index) };
  const count = rest ? stage.execute.samples - samples.length : await wanted(kit, stage, settings, progress);
  const worst = await worstStage(kit, stage, settings, run.task);
  const once = planned ? { usd: 0, calls: 0, tokens: 0 } : worst.once;
  const left = leftOf(settings.budget, await atWorst(kit, settings, run.task, run.calls));
  const granted = fit(count, settings.attempts, worst.each, once, left);
  if (granted.count === 0) return { ...nothing, stop: "budget" };
  const indices = Array.from({ length: granted.count }, (_, offset) => samples.length + offset);
  return { stage: name, indices, attempts: granted.attempts };
}
