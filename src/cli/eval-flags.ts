/** Options of `cope eval` as the command line has them: strings, until `eval-options` parses them. */
export interface EvalFlags {
  data: string[];
  methods?: string;
  study?: string;
  limit?: string;
  order?: string;
  ids?: string;
  where: string[];
  part?: string;
  share?: string;
  columns?: string;
  unlabelled?: boolean;
  small?: string;
  large?: string;
  model: string[];
  price: string[];
  samples?: string;
  thresholds?: string;
  guideline?: string;
  stages?: string;
  train?: string;
  seed?: string;
  tape?: string;
  out?: string;
  allDraws?: boolean;
  logprobs?: boolean;
  atOnce?: string;
  concurrency?: string;
  attempts?: string;
  callTimeout?: string;
  maxCalls?: string;
  budgetUsd?: string;
  minutes?: string;
  margin?: string;
  by?: string;
  json?: boolean;
}
