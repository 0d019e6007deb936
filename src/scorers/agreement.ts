import type { Sample } from "../state/sample.js";
import { assertPlanned, highest } from "./run-scored.js";
import type { Confidence, Draw } from "./types.js";

type Vector = readonly number[];

/**
 * Cosine similarity, clipped to 0 … 1: texts that point apart agree as little as texts that have nothing in common. 0 where
 * there is none: vectors of different lengths, without direction, or with what is no number in them.
 */
export function similarity(a: Vector | undefined, b: Vector | undefined): number {
  if (!a || !b || a.length !== b.length) return 0;
  const cosine = dot(a, b) / Math.sqrt(dot(a, a)) / Math.sqrt(dot(b, b));
  return Number.isFinite(cosine) ? Math.min(1, Math.max(0, cosine)) : 0;
}

const dot = (a: Vector, b: Vector): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

/**
 * The mean similarity of each sample to the other planned ones, 0 … 1, to which those that failed, are unreadable or not
 * drawn count 0; null for a sample that is one of these.
 *
 * @param vectors - in index order; undefined for a readable sample without a vector, null for one that cannot win
 * @param planned - n. A sample that is planned alone has nothing to agree with: 0
 * @returns for `runScored`
 */
export function agreementScores(vectors: readonly (Vector | undefined | null)[], planned: number): (number | null)[] {
  return vectors.map((vector, i) => {
    if (vector === null) return null;
    const sum = vectors.reduce<number>(
      (all, other, j) => (j === i ? all : all + similarity(vector, other ?? undefined)),
      0,
    );
    return sum / Math.max(1, planned - 1);
  });
}

/**
 * Semantic agreement by embeddings, for open text of models without log-probabilities: the sample that is most like the
 * others in meaning, the medoid, wins once all are drawn. Confidence is its mean cosine similarity to the others planned.
 *
 * @throws CopeError `OPTIONS_INVALID` when there are more samples than planned.
 */
function medoid(samples: readonly Sample[], { planned }: Pick<Draw, "planned">): Confidence {
  assertPlanned(samples.length, planned);
  const scores = agreementScores(
    samples.map(({ value, vector }) => (value === undefined ? null : vector)),
    planned,
  );
  const at = highest(scores);
  const remaining = planned - samples.length;
  const low = at === undefined ? 0 : scores[at]!;
  // Most that a sample to come, or one that is there, can still reach: 1 with every readable one but itself.
  const readable = scores.filter((score) => score !== null).length;
  const high = remaining === 0 ? low : planned === 1 ? 0 : (readable + remaining - 1) / (planned - 1);
  const why = explain(samples, planned, at === undefined ? undefined : low);
  if (at === undefined) return { low, high, why };
  const { id } = samples[at]!;
  return { low, high, ...(remaining === 0 ? { winner: id } : {}), leader: id, why };
}

/** The agreement scorer, for open text. Draws all samples at once. */
export const agreement = Object.assign(medoid, {
  /** A vector of every sample's text. */
  needs: ["embeddings"] as const,
});

/** The evidence: `semantic agreement by embeddings: the most typical of 8 samples has a mean similarity of 0.91 to the others`. */
function explain(samples: readonly Sample[], planned: number, best: number | undefined): string {
  const remaining = planned - samples.length;
  const failed = samples.filter((sample) => sample.failed !== undefined).length;
  const unreadable = samples.filter(({ value }) => value === undefined).length - failed;
  const unembedded = samples.filter(({ value, vector }) => value !== undefined && !vector).length;
  const drawn = remaining === 0 ? `${planned} samples` : `${samples.length} drawn`;
  const typical = `the most typical of ${drawn} has a mean similarity of ${best?.toFixed(2)} to the others`;
  return [
    `semantic agreement by embeddings: ${best === undefined ? `none of ${drawn} has a text` : typical}`,
    remaining > 0 && `${remaining} to come`,
    unembedded > 0 && `${unembedded} without a vector`,
    unreadable > 0 && `${unreadable} empty`,
    failed > 0 && `${failed} failed`,
  ]
    .filter(Boolean)
    .join(", ");
}
