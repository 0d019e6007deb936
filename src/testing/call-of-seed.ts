import { deriveSeed } from "../models/seed.js";
import type { LedgerEntry } from "../state/ledger.js";

/** Which call of a run a request is. */
export interface CallPlace {
  /** From 1. */
  turn: number;
  stage: string;
  purpose: LedgerEntry["purpose"];
  /** The sample's, from 0; absent for a guideline, which is written once a stage. */
  index?: number;
}

/** More samples than this in one stage are not told apart. */
const MOST_SAMPLES = 64;

/** The stages of the lists that have names. */
const NAMED = ["solo", "guided", "takeover", "small", "large", "majority"];

/**
 * Every call of a run by its seed. A model is told nothing of stages, but each call's seed is a function of the run's
 * seed and of the call's place.
 */
export function callsBySeed(runSeed: number, stages: Iterable<string>, turns: number): Map<number, CallPlace> {
  const known = new Map<number, CallPlace>();
  const names = new Set([...NAMED, ...stages]);
  for (let turn = 1; turn <= turns; turn++) {
    for (const stage of names) {
      const at = (call: string, place: Omit<CallPlace, "turn" | "stage">) =>
        known.set(deriveSeed(runSeed, `${turn}/${stage}/${call}`), { turn, stage, ...place });
      at("guideline", { purpose: "guideline" });
      for (let index = 0; index < MOST_SAMPLES; index++) {
        at(`${index}/goal`, { purpose: "goal", index });
        at(`${index}/execute`, { purpose: "execute", index });
      }
    }
  }
  return known;
}
