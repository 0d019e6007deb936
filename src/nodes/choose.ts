import type { Pending } from "../state/pending.js";
import type { Answer } from "../state/answer.js";
import type { RunState } from "../state/channels.js";
import type { Sample } from "../state/sample.js";
import { samplesOf, verdictOf } from "./carry.js";
import type { Kit } from "./kit.js";

/** The sample that answers, with what the answer says about it. */
export type Chosen = { sample: Sample } & Pick<Answer, "confidence" | "fallbackFrom" | "stopped">;

/**
 * Picks the sample that answers:
 * 1. accepted: the winner, or the leader that is likely enough to win;
 * 2. the last stage: its leader, or its one readable sample; where the harm guard keeps an earlier answer, that one (`fallbackFrom`);
 * 3. failed or unreadable there: the leader of the latest earlier stage that has one (`fallbackFrom`);
 * 4. ended by a limit or a person: of all stages' leaders the most confident, of equals the latest;
 * 5. nothing readable anywhere: what was read with doubt, the latest; else the latest text, unread (`fallbackFrom` where it is an earlier stage's);
 * 6. undefined when no call was answered at all.
 */
export function chooseAnswer({ settings, samples, verdicts, wave }: RunState): Chosen | undefined {
  const byId = (id: string | undefined) => samples.find((sample) => sample.id === id);
  const last = verdicts.at(-1);
  if (last?.decision === "accept") return { sample: byId(last.winner ?? last.leader)!, confidence: last.low };
  const stop = last?.stop ?? wave?.stop ?? (samples.some((sample) => sample.failed?.runOver) ? "timeout" : undefined);
  const stopped = stop ? { stopped: stop } : {};

  const leaders = leadersOf({ settings, samples, verdicts });
  if (stop) {
    const best = mostConfident(leaders);
    return best ? { ...best, ...stopped } : unread(samples, stopped);
  }

  const final = settings.stages.at(-1)!.name;
  const verdict = verdictOf(final, verdicts);
  const kept = verdict?.flip?.guarded ? byId(verdict.flip.from) : undefined;
  if (kept) return { sample: kept, confidence: verdictOf(kept.stage, verdicts)!.low, fallbackFrom: final };
  if (verdict?.leader !== undefined) return { sample: byId(verdict.leader)!, confidence: verdict.low };
  const readable = samplesOf(final, samples).find((sample) => sample.value !== undefined);
  if (!verdict && readable) return { sample: readable, confidence: null };
  if (leaders[0]) return { ...leaders[0], fallbackFrom: final };
  const chosen = unread(samples, {});
  return chosen && chosen.sample.stage !== final ? { ...chosen, fallbackFrom: final } : chosen;
}

/** The stages' leaders, later stages first: of equally confident ones the one that had more help answers. */
function leadersOf({ settings, samples, verdicts }: Pick<RunState, "settings" | "samples" | "verdicts">) {
  return (
    settings.stages
      .map((stage) => verdictOf(stage.name, verdicts))
      // What the harm guard has kept from being taken is no answer of later stages' failing, either.
      .filter((verdict) => verdict?.leader !== undefined && !verdict.flip?.guarded)
      .map((verdict) => ({ sample: samples.find(({ id }) => id === verdict!.leader)!, confidence: verdict!.low }))
      .toReversed()
  );
}

function mostConfident<T extends { confidence: number }>(leaders: readonly T[]): T | undefined {
  return leaders.reduce<T | undefined>((a, b) => (a && a.confidence >= b.confidence ? a : b), undefined);
}

/** What the run would answer if it ended here. */
export function bestSoFar(kit: Pick<Kit, "family">, state: RunState): Pending["best"] {
  const best = mostConfident(leadersOf(state));
  if (!best) return undefined;
  const { sample, confidence } = best;
  return { value: kit.family(state.settings).print(sample.value!), stage: sample.stage, confidence };
}

function unread(samples: readonly Sample[], rest: Pick<Answer, "stopped">): Chosen | undefined {
  const sample =
    samples.findLast(({ doubtful }) => doubtful !== undefined) ??
    samples.findLast((candidate) => candidate.text !== "") ??
    samples.findLast((candidate) => !candidate.failed);
  return sample && { sample, confidence: null, ...rest };
}
