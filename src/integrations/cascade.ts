import type { Callbacks } from "@langchain/core/callbacks/manager";
import { AsyncLocalStorageProviderSingleton } from "@langchain/core/singletons";
import { calibrated, readCalibration } from "../graph/calibration.js";
import { createCope } from "../graph/cope.js";
import type { CopeOptions } from "../graph/options.js";
import { recommendedRecursionLimit, resolveStages } from "../graph/stages.js";
import { tracersOnly } from "../models/tracers-only.js";
import type { OnToken } from "../models/types.js";
import { ON_TOKEN } from "../nodes/answer-stream.js";
import type { Answer, StageReport } from "../state/answer.js";
import type { Ledger } from "../state/ledger.js";
import type { RunOptions } from "../state/options.js";
import type { Sample } from "../state/sample.js";
import type { Stage } from "../state/stage.js";
import type { Verdict } from "../state/verdict.js";

/** What a run is asked. */
export interface CascadeInput {
  question?: string;
  messages?: unknown[];
  given?: Record<string, unknown>;
  options?: RunOptions;
}

/** Who runs it. */
export interface CascadeCall {
  /** Callbacks of the call: those that trace see all of the run, those that read a stream along see nothing of it. */
  callbacks?: Callbacks | undefined;
  signal?: AbortSignal | undefined;
  /** Is told the answer while it is written, where it is. */
  onToken?: OnToken | undefined;
  /** Where events go. @default the `custom` stream of the graph around */
  writer?: ((event: unknown) => void) | undefined;
}

/** What a run came to. */
export interface CascadeResult {
  answer: Answer;
  ledger: Ledger;
  stages: StageReport[];
  verdicts: Verdict[];
  samples: Sample[];
}

/** A compiled cascade behind an interface that is not a graph's. */
export type Cascade = (input: CascadeInput, call?: CascadeCall) => Promise<CascadeResult>;

/** The stages that a cascade with these options has. */
export function stagesOf(options: CopeOptions): Stage[] {
  const { calibration } = options;
  const { stages } = calibration === undefined ? options : calibrated(readCalibration(calibration), options);
  return resolveStages(stages ?? "cope");
}

const KEYS = ["answer", "ledger", "stages", "verdicts", "samples"];

/**
 * Compiles a cascade once, to be run inside of whatever calls it. In a node of a graph it is that graph's subgraph: it shares the
 * checkpointer, so that interrupts and kills buy nothing twice, and tells its events to that graph's `custom` stream. Its own
 * messages are nobody's: who calls it says what the answer is.
 *
 * @throws CopeError what `createCope` throws
 */
export function compileCascade(options: CopeOptions): Cascade {
  const graph = createCope(options).compile({ name: "cope" });
  const recursionLimit = recommendedRecursionLimit(stagesOf(options), options.ask);
  return async (input, { callbacks, signal, onToken, writer } = {}) => {
    const around = AsyncLocalStorageProviderSingleton.getRunnableConfig() ?? {};
    const quiet = { ...around, runId: undefined, ...tracersOnly(callbacks ?? around.callbacks) };
    const config = {
      recursionLimit,
      signal,
      writer,
      outputKeys: KEYS,
      // Whatever the graph around has for a context is not meant as options of ours.
      context: {},
      configurable: { [ON_TOKEN]: onToken },
    };
    const run = () => graph.invoke(input, config as object);
    return (await AsyncLocalStorageProviderSingleton.runWithConfig(quiet, run)) as unknown as CascadeResult;
  };
}
