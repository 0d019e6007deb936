import { strategies } from "../../graph/stages.js";
import type { StageInput } from "../../state/stage.js";
import { gradeIn, type Draw } from "../draw.js";
import { seriesOf } from "../series.js";
import type { View } from "../view.js";
import { outcomeOf } from "./outcome.js";
import type { StageOutcome, Step } from "./types.js";

/** The large model's plain answer, the same draw as the method `large` reads. */
export const LARGE = seriesOf(strategies["large"]![0] as StageInput);

/** What a two-step cascade knows after its cheap step. */
export interface Cheap {
  name: string;
  /** The draw that would answer; undefined where nothing was readable. */
  leader: Draw | undefined;
  /** Null where nothing was measured. */
  confidence: number | null;
  accept: boolean;
  waves: readonly (readonly Draw[])[];
}

/** Ends a cascade of two steps: with the cheap step's answer, or with the large model's plain one. */
export function acceptOrLarge(view: View, { name, leader, confidence, accept, waves }: Cheap): Step {
  const drawn = waves.reduce((sum, wave) => sum + wave.length, 0);
  const cheap: StageOutcome = {
    name,
    value: leader?.value ?? null,
    ...gradeIn(leader),
    confidence,
    decision: accept ? "accept" : "escalate",
    drawn,
  };
  if (accept) return { outcome: outcomeOf([cheap], [leader], waves) };
  const draw = view.find(LARGE, {}, 0);
  if (!draw) return { wanted: [{ series: LARGE, given: {}, index: 0 }] };
  const readable = draw.value === null ? undefined : draw;
  const large: StageOutcome = {
    name: "large",
    value: draw.value,
    ...gradeIn(readable),
    confidence: null,
    decision: "last",
    drawn: 1,
  };
  return { outcome: outcomeOf([cheap, large], [leader, readable], [...waves, [draw]]) };
}

/** The draws that are not there yet, of a series' first `count`. */
export function missingOf(view: View, series: ReturnType<typeof seriesOf>, count: number): Step | undefined {
  const there = view.prefix(series, {}, count).length;
  if (there === count) return undefined;
  const missing = Array.from({ length: count - there }, (_, offset) => there + offset);
  return { wanted: missing.map((index) => ({ series, given: {}, index })) };
}
