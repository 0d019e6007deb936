import { createHash } from "node:crypto";

/** A seed for one call, 0 … 2^31-1: a function of the run's seed and of where the call stands in the run. */
export function deriveSeed(runSeed: number, call: string): number {
  return createHash("sha256").update(`${runSeed}/${call}`).digest().readUInt32BE(0) & 0x7fffffff;
}
