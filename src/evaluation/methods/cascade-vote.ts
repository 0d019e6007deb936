import { CopeError } from "../../errors.js";
import { runVote } from "../../scorers/run-vote.js";
import { seriesOf, type Series } from "../series.js";
import type { View } from "../view.js";
import { acceptOrLarge, LARGE } from "./to-large.js";
import type { Method, Step, Wanted } from "./types.js";

/** How a cascade over two prompts draws. */
export interface TwoPromptOptions {
  /** Samples of both prompts together, even. @default 8 */
  samples?: number;
  /** Share of all votes that is accepted. @default 0.75 */
  threshold?: number;
}

/** Samples of each of two prompts. @throws CopeError `OPTIONS_INVALID` where not both get as many */
export function halfOf(samples: number): number {
  if (Number.isSafeInteger(samples / 2) && samples > 0) return samples / 2;
  const reason = `a cascade over two few-shot prompts shares its samples evenly; ${samples} are asked for.`;
  throw new CopeError("OPTIONS_INVALID", reason, "ask for an even number of samples, or leave these methods out.");
}

/** Samples of the small model under a few-shot prompt of its own (see `wordings.ts`). */
export function fewShot(which: "a" | "b", samples: number): Series {
  const name = `few-shot-${which}`;
  return seriesOf({ name, execute: { by: "small", samples, temperature: 0.8 } }, { wording: name });
}

/**
 * Cascade by vote (arXiv 2310.03094): the small model answers under two different few-shot prompts; one vote over all
 * answers; below the threshold the large model answers instead.
 */
export function createCascadeVote({ samples = 8, threshold = 0.75 }: TwoPromptOptions = {}): Method {
  const each = halfOf(samples);
  const prompts = [fewShot("a", each), fewShot("b", each)] as const;
  const decide = (view: View): Step => {
    // In turn, so that a vote that is settled early has heard both.
    const places = Array.from({ length: samples }, (_, i): Wanted => ({
      series: prompts[i % 2]!,
      given: {},
      index: i >> 1,
    }));
    const found = places.map(({ series, given, index }) => view.find(series, given, index));
    const gap = found.indexOf(undefined);
    const drawn = found.slice(0, gap < 0 ? samples : gap).map((draw) => draw!);
    const run = runVote(view.labels(drawn), { threshold, policy: "toAccept", planned: samples });
    if (run.decision === "sample") return { wanted: places.slice(drawn.length, run.drawn) };
    const leader = run.leader === undefined ? undefined : drawn[run.leader];
    const used = drawn.slice(0, run.drawn);
    const accept = run.decision === "accept";
    return acceptOrLarge(view, { name: "vote", leader, confidence: run.low, accept, waves: [used] });
  };
  const about = `two few-shot prompts, ${samples} answers, accepted at a share of ${threshold}`;
  return { name: "cascade-vote", about, series: [...prompts, LARGE], decide };
}
