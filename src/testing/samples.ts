import type { Same } from "../scorers/types.js";
import type { Json } from "../state/json.js";
import type { Sample } from "../state/sample.js";

/**
 * Samples of one stage (`solo`, turn 1) with these values, in index order, for tests of scorers. `undefined` is an
 * unreadable sample, an `Error` one whose call failed.
 */
export function samplesOf(...values: (Json | undefined | Error)[]): Sample[] {
  return values.map((value, index) => {
    const sample = { id: `1/solo/${index}`, stage: "solo", index, text: `I say ${JSON.stringify(value)}.` };
    if (value instanceof Error) return { ...sample, text: "", failed: { code: "TIMEOUT", message: value.message } };
    return value === undefined ? sample : { ...sample, value };
  });
}

/** Equality as JSON writes values, key order included: enough for values without objects. */
export const sameJson: Same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
