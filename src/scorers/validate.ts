import { CopeError } from "../errors.js";
import type { Sample } from "../state/sample.js";
import type { Confidence } from "./types.js";

/**
 * Holds what a scorer returned to its contract, since scorers may be anybody's.
 *
 * @throws CopeError SCORER_INVALID naming what is wrong: a bound that is no number of 0 … 1, bounds in the wrong order, or a
 * winner or leader that is none of the samples
 */
export function validConfidence(confidence: Confidence, samples: readonly Sample[]): Confidence {
  const { low, high, winner, leader, why } = confidence ?? {};
  const known = (id: string | undefined) => id === undefined || samples.some((sample) => sample.id === id);
  const wrong =
    (!(low >= 0 && high <= 1) && `its interval is ${low} … ${high}, and must lie in 0 … 1`) ||
    (low > high && `its interval is ${low} … ${high}, the wrong way round`) ||
    (!known(winner) && `its winner ${JSON.stringify(winner)} is none of the samples' ids`) ||
    (!known(leader) && `its leader ${JSON.stringify(leader)} is none of the samples' ids`) ||
    (typeof why !== "string" && "it gives no `why`");
  if (wrong)
    throw new CopeError(
      "SCORER_INVALID",
      `the scorer is at fault: ${wrong}.`,
      "mend the scorer; see the type `Confidence`.",
    );
  // A winner leads, also where a scorer does not say so.
  return leader === undefined && winner !== undefined ? { ...confidence, leader: winner } : confidence;
}
