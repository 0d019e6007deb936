/** What all ways have in common in one run. */
export interface Settings {
  /** A GGUF file. */
  path: string;
  threads: number;
  /** Output tokens a sample, at most. */
  tokens: number;
}

/** Calls at the same time, for which every way has room. */
export const SLOTS = 8;
/** Tokens that prompt and answer of one call may have together. */
export const CONTEXT = 1024;
/** Sampling, the same for all. */
export const SAMPLING = { temperature: 0.8, topP: 0.95, topK: 40, minP: 0 };
