import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Answer, StageReport } from "../../src/index.js";

/** Real runs of the embedded pair: what was asked, by hash, what came back, and how the run ended. */
export interface RecordedRun {
  question: string;
  seed: number;
  /** Reply by `askedKey`. */
  replies: Record<string, string>;
  answer: Answer;
  stages: StageReport[];
}

/** Where they are; `tsx scripts/record-runs.ts` makes the file anew. */
export const RECORDED = new URL("../fixtures/recorded-runs.json.gz", import.meta.url);

/** Names one call by what it depends on. */
export function askedKey(system: string, user: string, seed: number): string {
  return createHash("sha256")
    .update(JSON.stringify([system, user, seed]))
    .digest("hex")
    .slice(0, 16);
}

export function recordedRuns(): RecordedRun[] {
  return JSON.parse(gunzipSync(readFileSync(RECORDED)).toString("utf8")) as RecordedRun[];
}
