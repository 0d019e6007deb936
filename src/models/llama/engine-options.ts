import { CopeError } from "../../errors.js";
import { defaultThreads } from "./cores.js";

/** How weights are loaded and run. */
export interface EngineOptions {
  /** Tokens that prompt and answer of one call may have together. @default 4096, or less where the model knows less */
  contextSize?: number;
  /** Calls that are decoded at the same time. @default 8 */
  sequences?: number;
  /**
   * One call at a time, on one thread: a seed then gives the same text whatever else runs. Excludes `sequences` and
   * `threads` above 1. @default false
   */
  deterministic?: boolean;
  /** Calls that may wait for a sequence; further ones fail with `RATE_LIMITED`. @default 1000 */
  maxQueue?: number;
  /** Milliseconds without a call after which weights and context are freed; the next call loads anew. `false`: never. @default 600000 */
  idleMs?: number | false;
  /** @default the environment variable COPE_THREADS, else the physical cores; 1 where `deterministic` */
  threads?: number;
  /** `"auto"` takes the best that is ready to use; `false` is the CPU. @default "auto" */
  gpu?: "auto" | "cuda" | "vulkan" | "metal" | false;
}

/** What an engine is made with: calls with equal ones share it. */
export type EngineSettings = Required<Omit<EngineOptions, "deterministic" | "idleMs">>;

/** Options with their defaults. @throws CopeError `OPTIONS_INVALID` where `deterministic` excludes another one */
export function engineSettings(options: EngineOptions): EngineSettings {
  const { contextSize = 4096, gpu = "auto", maxQueue = 1000 } = options;
  const sequences = oneIfDeterministic("sequences", options, () => 8);
  const threads = oneIfDeterministic("threads", options, defaultThreads);
  return { contextSize, sequences, threads, gpu, maxQueue };
}

// Company in a batch changes the last digits of numbers. So does the number of threads, which follows other processes'
// load: for one token after more than 256 others llama.cpp sums attention in as many parts as there are threads.
function oneIfDeterministic(name: "sequences" | "threads", options: EngineOptions, usual: () => number): number {
  const asked = options[name];
  if (!options.deterministic) return asked ?? usual();
  if (asked === undefined || asked === 1) return 1;
  const reason = `deterministic decodes one sequence at a time on one thread, and ${name} is ${asked}.`;
  throw new CopeError("OPTIONS_INVALID", reason, "leave one of the two out.");
}
