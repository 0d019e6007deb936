import type { GuidelineStyle } from "../../families/types.js";
import { neededVotes } from "../../scorers/tally.js";
import type { Stage } from "../../state/stage.js";
import { createCascade } from "../methods/cascade.js";
import type { Method } from "../methods/types.js";
import type { View } from "../view.js";
import { decideNearly, type Ended, type Shelves } from "./nearest.js";

/** Decides a cascade on one problem under any thresholds, each way of deciding once. */
export interface Walker {
  /** Votes that thresholds ask for, one for each stage that has one. */
  needed(thresholds: readonly number[]): number[];
  /** How the problem ends. `shelves`: take what is missing from the nearest recorded goal. */
  end(problem: View, needed: readonly number[], shelves?: Shelves): Ended;
}

/**
 * A walker of a stage list. A threshold matters only by the least votes that reach it, and a stage that was not reached
 * does not matter at all: so a problem is walked a few times for a thousand thresholds. Each walk is the method's own.
 *
 * @param stages - resolved, with the samples that are planned
 */
export function createWalker(stages: readonly Stage[], style: GuidelineStyle): Walker {
  const checked = stages.slice(0, -1);
  const methods = new Map<string, Method>();
  const known = new WeakMap<View, Map<string, Ended>>();

  function methodOf(needed: readonly number[]): Method {
    const key = needed.join();
    const made = methods.get(key) ?? createCascade({ name: "replay", about: "", stages: under(stages, needed), style });
    methods.set(key, made);
    return made;
  }

  return {
    needed: (thresholds) =>
      checked.map(({ execute, accept }, i) => neededOf(thresholds[i]!, execute.samples, accept?.scorer)),
    end(view, needed, shelves) {
      const ends = known.get(view) ?? new Map<string, Ended>();
      known.set(view, ends);
      for (let reached = 1; reached <= needed.length; reached += 1) {
        const end = ends.get(needed.slice(0, reached).join());
        if (end) return end;
      }
      const method = methodOf(needed);
      const end = shelves ? decideNearly(method, view, shelves) : exactly(method, view);
      ends.set(needed.slice(0, reachedBy(end, stages)).join(), end);
      return end;
    },
  };
}

function exactly(method: Method, view: View): Ended {
  const step = method.decide(view);
  return "outcome" in step ? { outcome: step.outcome, approximate: false } : { missing: step.wanted[0]! };
}

/** Stages whose thresholds have had a say, or were about to. */
function reachedBy(end: Ended, stages: readonly Stage[]): number {
  if ("outcome" in end) return end.outcome.stages.length;
  return 1 + stages.findIndex(({ name }) => name === end.missing.series.stage.name);
}

/** What a threshold asks for, in votes: thresholds that ask for the same decide alike, and need one walk. */
function neededOf(threshold: number, samples: number, scorer = "vote"): number {
  if (scorer === "vote") return neededVotes(samples, threshold);
  return scorer === "tests" && threshold > 0 ? samples : threshold * samples;
}

/** The stage list with thresholds that ask for these votes. */
function under(stages: readonly Stage[], needed: readonly number[]): Stage[] {
  return stages.map((stage, i) => {
    const votes = needed[i];
    if (votes === undefined || !stage.accept) return stage;
    return { ...stage, accept: { ...stage.accept, threshold: votes / stage.execute.samples } };
  });
}
