import type { Evaluation } from "../evaluation.js";

/** The texts of an evaluation by method, for a judge: null where a method has no answer. */
export const answersOf = ({ outcomes }: Pick<Evaluation, "outcomes">): Map<string, (string | null)[]> =>
  new Map([...outcomes].map(([name, of]) => [name, of.map(({ value }) => value)]));
