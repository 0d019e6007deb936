import type { Same } from "../scorers/types.js";
import type { RunState } from "../state/channels.js";
import type { SampleId } from "../state/sample.js";
import type { Stage } from "../state/stage.js";
import { verdictOf } from "./carry.js";
import { unguidedBefore } from "./harm-guard.js";

/** The answer that a guided stage is about to replace by another. */
export interface FlipFound {
  /** The stage without a guideline. */
  stage: string;
  /** Its leading sample. */
  from: SampleId;
  /** Its confidence, 0 … 1. */
  confidence: number;
}

/** The unguided answer that a guided stage's is not; undefined where there is none, it is the same, or nobody could tell. */
export async function flipOf(
  same: Same,
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
  if ((await same(valueOf(from), valueOf(answer))) !== false) return undefined;
  return { stage: stages[at]!.name, from: from!, confidence };
}
