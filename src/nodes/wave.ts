import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { thresholdOf } from "../cascade/decision.js";
import { affordable, leftOf, MAX_WAVES, nextWave } from "../cascade/wave.js";
import type { Missing, Same } from "../scorers/types.js";
import type { RunState } from "../state/channels.js";
import type { Settings } from "../state/options.js";
import type { Sample } from "../state/sample.js";
import type { Stage, Wave } from "../state/stage.js";
import { runKey } from "./calls.js";
import { stageNow } from "./history.js";
import type { Kit } from "./kit.js";
import { atWorst, hasLimits, worstStage } from "./limits.js";

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
  run: Pick<RunState, "turn" | "task" | "settings" | "calls">,
  name: string,
  progress: Progress,
  config: LangGraphRunnableConfig,
): Promise<Wave> {
  const { samples = [], waves = 0, planned = false, doomed = false, rest = false } = progress;
  const { settings } = run;
  const { budget, attempts } = settings;
  const stage = stageNow(name, settings);
  const all = stage.execute.samples;
  const drawn = samples.length;
  const nothing: Wave = { stage: name, indices: [], attempts: 1 };
  const deadline = kit.clock.deadline(runKey(run.turn, settings, config), budget.ms);
  if (deadline?.aborted) return { ...nothing, stop: "timeout" };

  // The last wave takes all that remain, unless the budget cuts it; more small ones would be more steps than a graph may take.
  if (waves >= MAX_WAVES) return { ...nothing, stop: "budget" };
  if (doomed) return { ...nothing, indices: Array.from({ length: all }, (_, index) => index) };
  const policy = rest ? "all" : stage.execute.wave;
  const missing = policy === "all" || all === 1 ? undefined : await missingOf(kit, stage, settings, progress);
  const count = nextWave({ policy, waves, drawn, planned: all, ...(missing ? { missing } : {}) });
  let granted = { count, attempts };
  if (hasLimits(budget)) {
    const { each, once } = await worstStage(kit, stage, settings, run.task);
    const left = leftOf(budget, await atWorst(kit, settings, run.task, run.calls));
    granted = affordable({ count, attempts, each, once: planned ? { usd: 0, calls: 0, tokens: 0 } : once, left });
  }
  if (granted.count === 0) return { ...nothing, stop: "budget" };
  const indices = Array.from({ length: granted.count }, (_, offset) => drawn + offset);
  return { stage: name, indices, attempts: granted.attempts };
}

/** What the stage's scorer says is missing. */
async function missingOf(
  kit: Kit,
  stage: Stage,
  settings: Settings,
  { samples = [], same = kit.family(settings).same }: Progress,
): Promise<Missing | undefined> {
  const { stop, samples: planned } = stage.execute;
  const threshold = thresholdOf(settings.stages, settings.stages.indexOf(stage));
  const scorer = kit.scorer(stage, settings);
  return scorer.missing?.(samples, { planned, same, threshold, ...(stop ? { stop } : {}) });
}
