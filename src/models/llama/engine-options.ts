/** How weights are loaded and run. */
export interface EngineOptions {
  /** Tokens that prompt and answer of one call may have together. @default 4096, or less where the model knows less */
  contextSize?: number;
  /** Calls that are decoded at the same time. @default 8 */
  sequences?: number;
  /** One call at a time: a seed then gives the same text whatever else runs. Excludes `sequences` above 1. @default false */
  deterministic?: boolean;
  /** Calls that may wait for a sequence; further ones fail with `RATE_LIMITED`. @default 1000 */
  maxQueue?: number;
  /** Milliseconds without a call after which weights and context are freed; the next call loads anew. `false`: never. @default 600000 */
  idleMs?: number | false;
  /** @default the environment variable COPE_THREADS, else the physical cores */
  threads?: number;
  /** `"auto"` takes the best that is ready to use; `false` is the CPU. @default "auto" */
  gpu?: "auto" | "cuda" | "vulkan" | "metal" | false;
}
