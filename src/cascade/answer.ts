import type { Sample } from "../state/sample.js";
import type { StageEnd } from "./decision.js";

/** The answer that stands: the leader of one stage. */
export interface Standing<S> {
  /** Position of its stage. */
  at: number;
  leader: S;
  /** 0 … 1; null where no scorer looked at it. */
  confidence: number | null;
  /** It answers in place of the last stage. */
  isFallback: boolean;
}

/** Ends of stages by position; undefined for one that was not run. */
type Ends<S> = readonly (StageEnd<S> | undefined)[];

/**
 * The answer that stands at the end of a run:
 * 1. an accepted one;
 * 2. where a limit or a person stopped the run, the most confident leader, of equals the latest;
 * 3. where the harm guard keeps the last stage's answer out, the unguided one;
 * 4. else the leader of the latest stage that has one.
 *
 * What the harm guard kept out is in no case the answer of a later stage's failure. Undefined where nothing was readable.
 */
export function standingAnswer<S>(ends: Ends<S>, { stopped = false } = {}): Standing<S> | undefined {
  const accepted = leadersOf(ends).find(({ at }) => ends[at]!.accepted);
  if (accepted) return accepted;
  if (stopped) return mostConfident(ends);
  const flip = ends.at(-1)?.flip;
  const leaders = leadersOf(ends);
  const found = flip?.guarded ? leaders.find(({ at }) => at === flip.before) : leaders.at(-1);
  return found && { ...found, isFallback: found.at < ends.length - 1 };
}

/** The most confident leader, of equals the latest, which had more help. */
export function mostConfident<S>(ends: Ends<S>): Standing<S> | undefined {
  return leadersOf(ends)
    .filter(({ confidence }) => confidence !== null)
    .reduce<Standing<S> | undefined>((a, b) => (a && a.confidence! > b.confidence! ? a : b), undefined);
}

function leadersOf<S>(ends: Ends<S>): Standing<S>[] {
  return ends.flatMap((end, at) =>
    end?.leader === undefined || end.flip?.guarded
      ? []
      : [{ at, leader: end.leader, confidence: end.confidence, isFallback: false }],
  );
}

/** What answers where nothing was readable: what was read with doubt, else a text, else an empty reply; the latest of each. */
export function unreadAnswer(samples: readonly Sample[]): Sample | undefined {
  return (
    samples.findLast(({ doubtful }) => doubtful !== undefined) ??
    samples.findLast(({ text }) => text !== "") ??
    samples.findLast(({ failed }) => !failed)
  );
}
