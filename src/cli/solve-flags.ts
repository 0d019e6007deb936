import type { AskFlags } from "./solve-ask.js";

/** Options of `cope solve` as the command line has them: strings, until `solve-options` parses them. */
export interface SolveFlags extends AskFlags {
  family?: string;
  strategy?: string;
  reasoning?: string;
  scorer?: string;
  tests?: string;
  entryPoint?: string;
  language?: string;
  choices?: string;
  schema?: string;
  consensus?: string;
  small?: string;
  large?: string;
  samples?: string;
  thresholds?: string;
  guideline?: string;
  calibration?: string;
  seed?: string;
  thread?: string;
  checkpoint?: string;
  tape?: string;
  save: boolean;
  price?: string[];
  budgetUsd?: string;
  maxCalls?: string;
  timeout?: string;
  maxTokens?: string;
  thinkingTokens?: string;
  concurrency?: string;
  trace?: boolean;
  json?: boolean;
}
