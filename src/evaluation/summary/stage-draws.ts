import type { Draw } from "../draw.js";
import type { Method, Outcome } from "../methods/types.js";

/** The draws of one stage of an outcome. */
export interface StageDraws {
  guideline: Draw | undefined;
  /** In the order in which they were drawn. */
  samples: readonly Draw[];
}

/** Ids of the series in which guidelines stand. */
export function guidelineSeries(methods: readonly Method[]): ReadonlySet<string> {
  return new Set(methods.flatMap(({ series }) => series.flatMap(({ part, id }) => (part === "plan" ? id : []))));
}

/** Tells which of an outcome's draws belong to which of its stages, in the order of `stages`. */
export function stageDraws({ stages, waves }: Outcome, guidelines: ReadonlySet<string>): StageDraws[] {
  const isGuideline = (draw: Draw | undefined) => draw !== undefined && guidelines.has(draw.series);
  const rest = waves.flat();
  return stages.map(({ drawn }) => {
    const guideline = isGuideline(rest[0]) ? rest.shift() : undefined;
    return { guideline, samples: rest.splice(0, drawn) };
  });
}

/** Whether some sample of a stage was answered, whatever could be read from it. */
export const wasAnswered = ({ samples }: StageDraws): boolean => samples.some(({ failed }) => !failed);
