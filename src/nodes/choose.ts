import type { Answer } from "../state/answer.js";
import type { RunState } from "../state/channels.js";
import type { Sample } from "../state/sample.js";
import { samplesOf, verdictOf } from "./carry.js";

/** The sample that answers, with what the answer says about it. */
export type Chosen = { sample: Sample } & Pick<Answer, "confidence" | "fallbackFrom" | "stopped">;

/**
 * Picks the sample that answers:
 * 1. accepted: the winner, or the leader that is likely enough to win;
 * 2. the last stage: its leader, or its one readable sample;
 * 3. failed or unreadable there: the leader of the latest earlier stage that has one (`fallbackFrom`);
 * 4. ended by a limit: of all stages' leaders the most confident, of equals the latest;
 * 5. nothing readable anywhere: the latest text, unread;
 * 6. undefined when no call was answered at all.
 */
export function chooseAnswer({ settings, samples, verdicts, wave }: RunState): Chosen | undefined {
  const byId = (id: string | undefined) => samples.find((sample) => sample.id === id);
  const last = verdicts.at(-1);
  if (last?.decision === "accept") return { sample: byId(last.winner ?? last.leader)!, confidence: last.low };
  const stop = last?.stop ?? wave?.stop ?? (samples.some((sample) => sample.failed?.runOver) ? "timeout" : undefined);
  const stopped = stop ? { stopped: stop } : {};

  // Later stages first: of equally confident leaders the one that had more help answers.
  const leaders = settings.stages
    .map((stage) => verdictOf(stage.name, verdicts))
    .filter((verdict) => verdict?.leader !== undefined)
    .map((verdict) => ({ sample: byId(verdict!.leader)!, confidence: verdict!.low }))
    .toReversed();
  if (stop) {
    const best = leaders.reduce<(typeof leaders)[number] | undefined>(
      (a, b) => (a && a.confidence >= b.confidence ? a : b),
      undefined,
    );
    return best ? { ...best, ...stopped } : unread(samples, stopped);
  }

  const final = settings.stages.at(-1)!.name;
  const verdict = verdictOf(final, verdicts);
  if (verdict?.leader !== undefined) return { sample: byId(verdict.leader)!, confidence: verdict.low };
  const readable = samplesOf(final, samples).find((sample) => sample.value !== undefined);
  if (!verdict && readable) return { sample: readable, confidence: null };
  return leaders[0] ? { ...leaders[0], fallbackFrom: final } : unread(samples, {});
}

function unread(samples: readonly Sample[], rest: Pick<Answer, "stopped">): Chosen | undefined {
  const sample =
    samples.findLast((candidate) => candidate.text !== "") ?? samples.findLast((candidate) => !candidate.failed);
  return sample && { sample, confidence: null, ...rest };
}
