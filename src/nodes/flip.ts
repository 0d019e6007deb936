import type { RunState } from "../state/channels.js";
import type { SampleId } from "../state/sample.js";
import type { Stage } from "../state/stage.js";
import { verdictOf } from "./carry.js";
import { unguidedBefore } from "./harm-guard.js";
import type { Kit } from "./kit.js";

/** The answer that a guided stage is about to replace by another. */
export interface FlipFound {
  /** The stage without a guideline. */
  stage: string;
  /** Its leading sample. */
  from: SampleId;
  /** Its confidence, 0 … 1. */
  confidence: number;
}

/** The unguided answer that a guided stage's is not; undefined where there is none, or it is the same. */
export async function flipOf(
  kit: Kit,
  stage: Stage,
  answer: SampleId | undefined,
  { settings, samples, verdicts }: RunState,
): Promise<FlipFound | undefined> {
  const { stages } = settings;
  const before = (position: number) => verdictOf(stages[position]!.name, verdicts);
  const at = unguidedBefore(stages, stages.indexOf(stage), (position) => before(position)?.leader !== undefined);
  if (at === undefined || answer === undefined) return undefined;
  const { leader: from, low: confidence } = before(at)!;
  const valueOf = (id: SampleId | undefined) => samples.find((sample) => sample.id === id)!.value!;
  if (await kit.family(settings).same(valueOf(from), valueOf(answer))) return undefined;
  return { stage: stages[at]!.name, from: from!, confidence };
}
