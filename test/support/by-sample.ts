import { deriveSeed } from "../../src/models/seed.js";
import { FakeModel, isPlan } from "./fake-model.js";

/**
 * A model that answers by sample, in whatever order the calls arrive: the sample's seed says which one it is.
 *
 * @param answers - by stage, in index order; an `Error` is thrown. Goals read `goal <index>`, guidelines `advice`.
 * @param turns - how many turns of a thread are known, from 1
 */
export function bySample(answers: Record<string, readonly (string | Error)[]>, turns = 1): FakeModel {
  const known = new Map<number, string | Error>();
  for (let turn = 1; turn <= turns; turn++) {
    for (const [stage, list] of Object.entries(answers)) {
      list.forEach((answer, index) => {
        known.set(deriveSeed(0, `${turn}/${stage}/${index}/execute`), answer);
        known.set(deriveSeed(0, `${turn}/${stage}/${index}/goal`), `goal ${index}`);
      });
    }
  }
  return new FakeModel((asked) => {
    const answer = known.get(asked.seed) ?? (isPlan(asked) ? "advice" : undefined);
    if (answer === undefined) throw new Error(`a sample that this test does not know: ${asked.user}`);
    if (answer instanceof Error) throw answer;
    return answer;
  });
}

/** Eight answers of which no two agree. */
export const UNLIKE = ["a", "b", "c", "d", "e", "f", "g", "h"];
