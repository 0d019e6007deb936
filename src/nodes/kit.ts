import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import type { AnyFamily } from "../families/types.js";
import type { AbilityName } from "../models/abilities.js";
import { keepRecent } from "../models/bounded.js";
import type { Caller } from "../calls/call.js";
import type { PriceBook } from "../calls/prices.js";
import type { ChatHandle } from "../calls/types.js";
import { timeLimit } from "../calls/waiting.js";
import type { Scorer } from "../scorers/types.js";
import type { Settings } from "../state/options.js";
import { isChecked, type Stage } from "../state/stage.js";
import type { Whereabouts } from "./calls.js";
import type { CalibrationBasis } from "./check-models.js";

/** What nodes work with and state cannot hold: functions and open handles, found by the names that state carries. */
export interface Kit {
  family(settings: Settings): AnyFamily;
  scorer(stage: Stage, settings: Settings): Scorer;
  /** The scorer that was given for all stages that name none: it is not exchanged. */
  scorerGiven?: string | Scorer;
  model(role: string, settings: Settings): Promise<ChatHandle>;
  /** What makes vectors of texts, where it is not the model itself. */
  embeddings?: EmbeddingsInterface;
  prices(settings: Settings): PriceBook;
  call: Caller;
  clock: Clock;
  /** What the calibration in use was made with; absent without one. */
  madeWith?: CalibrationBasis;
  /** A turn begins: nothing asks again for what was journaled of the turns before it. */
  begun(where: Whereabouts, turn: number): Promise<void>;
  /** The turn is over: what was kept in memory to resume it may go. A durable journal keeps it until the next begins. */
  settled(where: Whereabouts, turn: number): Promise<void>;
}

/** What a stage's scorer needs of the model that draws its samples; nothing where no scorer looks at them. */
export function needsOf(kit: Pick<Kit, "scorer">, stage: Stage, settings: Settings): readonly AbilityName[] {
  // As it runs now: its samples and its scorer may have been chosen for this run.
  const at = settings.stages.findIndex(({ name }) => name === stage.name);
  return isChecked(settings.stages, at) ? (kit.scorer(settings.stages[at]!, settings).needs ?? []) : [];
}

/** When a run's time is up. Another process that resumes the run starts the clock again: time it was dead does not count. */
export interface Clock {
  /** Starts at the first question about a run. Undefined where the run has no time limit. */
  deadline(run: string, ms: number | undefined): AbortSignal | undefined;
  forget(run: string): void;
}

/** The clocks kept at once; a run that nobody asked about for so many others starts anew when it is resumed. */
const MOST_RUNS = 10_000;

let latest = 0;

/** Epoch milliseconds, another number for every run of this process: it tells runs apart that have no thread. */
export function startTime(): number {
  latest = Math.max(Date.now(), latest + 1);
  return latest;
}

/** Clocks by run, in this process: what a checkpoint could not hold, since a resumed run starts a new one. */
export function createClock(): Clock {
  // Runs that are aborted or fail never tell that they are over.
  const running = new Map<string, AbortSignal>();
  return {
    deadline(run, ms) {
      if (ms === undefined) return undefined;
      return keepRecent(running, run, running.get(run) ?? timeLimit(ms), MOST_RUNS);
    },
    forget: (run) => void running.delete(run),
  };
}
