import { CopeError } from "../../errors.js";
import { strategies } from "../../graph/stages.js";
import type { StageInput } from "../../state/stage.js";
import { seriesOf, type Given } from "../series.js";
import type { View } from "../view.js";
import { crossFit, trainScorer, type Scorer, type Vector } from "./right-scorer.js";
import { acceptOrLarge, LARGE, type Cheap } from "./to-large.js";
import type { Method, Step, Together } from "./types.js";

/** What an answer's vector is held against. */
export interface FrugalOptions {
  /** Least chance of being right that is accepted, 0 … 1; fixed before, never chosen by the problems that are scored. @default 0.5 */
  threshold?: number;
  /** Parts of the problems; each is scored by what was trained on the others. @default 5 */
  folds?: number;
  /** Views of another recording, to train on in place of the folds. Problems that are evaluated, too, are left out of it. */
  train?: readonly View[];
}

const SMALL = seriesOf(strategies["small"]![0] as StageInput);
const VECTOR = seriesOf(SMALL.stage, { part: "vector" });

/** How the method scores a problem's vector; undefined where nothing was trained. */
type ScorerOf = (problem: string) => Scorer | undefined;

/**
 * FrugalGPT-style cascade (arXiv 2305.05176): the small model answers once; a trained scorer of question and answer says how
 * likely it is right; below the threshold the large model answers. In place of the paper's fine-tuned encoder the scorer is
 * a logistic regression on an embedding, and two models stand for its list of three. No problem is scored by a model that
 * has seen its grade.
 *
 * @throws CopeError `OPTIONS_INVALID` where `train` holds nothing to train on, or vectors of another model
 */
export function createFrugal({ threshold = 0.5, folds = 5, train }: FrugalOptions = {}): Method {
  const series = [SMALL, VECTOR, LARGE];
  const about = `one small answer, accepted where a trained scorer finds it right at ${threshold}`;
  const make = (scorerOf: ScorerOf, how: string): Method => ({
    name: "frugal",
    about: `${about}; ${how}`,
    series,
    decide: (view) => decide(view, (problem, vector) => judge(scorerOf(problem)?.(vector), threshold)),
  });
  return {
    name: "frugal",
    about,
    series,
    // Nothing is known of the others yet: the vector is asked for, and the answer taken.
    decide: (view) => decide(view, () => ({ confidence: null, accept: true })),
    variants: () => [make(() => undefined, "all to the large model")],
    complete({ views }: Together) {
      const here = vectorsOf(views);
      const { examples, how } = train ? fromElsewhere(here, views, train) : { examples: graded(here), how: undefined };
      requireOneModel([...here, ...examples]);
      if (examples.length === 0) return make(() => undefined, "no graded answer to train it, so none is accepted");
      if (!train) return make(crossFit(examples, folds), `${folds} folds of ${examples.length} graded answers`);
      const scorer = trainScorer(examples);
      return make(() => scorer, how!);
    },
  };
}

type Judgement = Pick<Cheap, "confidence" | "accept">;

const judge = (chance: number | undefined, threshold: number): Judgement => ({
  confidence: chance ?? null,
  accept: chance !== undefined && chance >= threshold,
});

function decide(view: View, judged: (problem: string, vector: readonly number[]) => Judgement): Step {
  const answer = view.find(SMALL, {}, 0);
  if (!answer) return { wanted: [{ series: SMALL, given: {}, index: 0 }] };
  const nothing: Cheap = { name: "scorer", leader: undefined, confidence: 0, accept: false, waves: [[answer]] };
  // Nothing to score: straight to the large model.
  if (answer.value === null) return acceptOrLarge(view, nothing);
  const given: Given = { answer: { index: 0, text: answer.text } };
  const embedded = view.find(VECTOR, given, 0);
  if (!embedded) return { wanted: [{ series: VECTOR, given, index: 0 }] };
  const { confidence, accept } = embedded.vector ? judged(view.problem, embedded.vector) : judge(undefined, 1);
  return acceptOrLarge(view, { ...nothing, leader: answer, confidence, accept, waves: [[answer], [embedded]] });
}

/** The vectors that some problems have, with the answer's grade. */
function vectorsOf(views: readonly View[]): Vector[] {
  return views.flatMap((view) => {
    const answer = view.find(SMALL, {}, 0);
    const embedded = answer && view.find(VECTOR, { answer: { index: 0, text: answer.text } }, 0);
    if (!embedded?.vector) return [];
    const model = embedded.calls[0]?.model ?? "unknown";
    return [{ problem: view.problem, vector: embedded.vector, right: answer!.right, model }];
  });
}

const graded = (vectors: readonly Vector[]) => vectors.filter(({ right }) => right !== null);

function fromElsewhere(here: readonly Vector[], views: readonly View[], train: readonly View[]) {
  const scored = new Set(views.map(({ problem }) => problem));
  const all = graded(vectorsOf(train));
  const examples = all.filter(({ problem }) => !scored.has(problem));
  const left = all.length - examples.length;
  if (examples.length === 0 && here.length > 0) {
    const reason = `the recording to train on holds no graded vector of a problem that is not evaluated (${left} that are).`;
    throw new CopeError("OPTIONS_INVALID", reason, "record other problems, with the method frugal among others.");
  }
  const but = left > 0 ? ` (${left} left out, since they are scored here)` : "";
  return { examples, how: `trained on ${examples.length} answers of another recording${but}` };
}

function requireOneModel(vectors: readonly Vector[]): void {
  const models = [...new Set(vectors.map(({ model }) => model))];
  if (models.length < 2) return;
  const reason = `vectors of different models cannot be held against each other: ${models.join(", ")}.`;
  throw new CopeError("OPTIONS_INVALID", reason, "record them with one model.");
}
