import { CopeError } from "../../errors.js";
import type { Evaluation } from "../evaluate.js";
import { DATA } from "./parts.js";

/**
 * Several evaluations of the same methods as one, for example of several data sets. Every problem's id is led by the name
 * of its set, `gsm8k/17`, and `about.data` says which that is.
 *
 * @param evaluations - at least one. The pool's recording is the first one's, with all names as its `data`.
 * @throws CopeError `OPTIONS_INVALID` where methods or models differ, or two sets have one name
 */
export function poolEvaluations(evaluations: readonly Evaluation[]): Evaluation {
  const [first] = evaluations;
  if (!first) throw invalid("there is nothing to pool", "give at least one evaluation.");
  const sets = evaluations.map(({ recording }) => recording.data);
  if (new Set(sets).size < sets.length) throw invalid(`two of the sets ${sets.join(", ")} have one name`, "name each.");
  for (const { methods, recording } of evaluations) {
    if (sameNames(methods, first.methods) && sameModels(recording.models, first.recording.models)) continue;
    throw invalid(`${recording.data} and ${sets[0]} have other methods or models`, "pool what was run alike.");
  }
  return {
    ...first,
    recording: { ...first.recording, data: sets.join(" + ") },
    problems: evaluations.flatMap(({ problems, recording: { data } }) =>
      problems.map(({ id, about }) => ({ id: `${data}/${id}`, about: { ...about, [DATA]: data } })),
    ),
    outcomes: new Map(
      first.methods.map(({ name }) => [name, evaluations.flatMap(({ outcomes }) => outcomes.get(name)!)]),
    ),
  };
}

type Models = Evaluation["recording"]["models"];

const sameNames = (a: Evaluation["methods"], b: Evaluation["methods"]): boolean =>
  a.length === b.length && a.every(({ name }, i) => name === b[i]!.name);

/** Roles that only one of the two has, such as a further cheap model, do not matter. */
const sameModels = (a: Models, b: Models): boolean =>
  Object.keys(a).every((role) => b[role] === undefined || a[role]!.name === b[role].name);

const invalid = (reason: string, remedy: string) => new CopeError("OPTIONS_INVALID", `pool: ${reason}.`, remedy);
