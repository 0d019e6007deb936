import type { Json } from "../../src/state/json.js";
import type { Sample } from "../../src/state/sample.js";
import type { Same } from "../../src/scorers/types.js";

/** Samples with these values, in index order; `undefined` is an unreadable one, an `Error` a failed call. */
export function samplesOf(...values: (Json | undefined | Error)[]): Sample[] {
  return values.map((value, index) => {
    const sample = { id: `1/solo/${index}`, stage: "solo", index, text: `I say ${JSON.stringify(value)}.` };
    if (value instanceof Error) return { ...sample, text: "", failed: { code: "TIMEOUT", message: value.message } };
    return value === undefined ? sample : { ...sample, value };
  });
}

/** Samples from a label sequence: a number is the answer, -1 is unreadable. */
export const samplesFrom = (labels: readonly number[]): Sample[] =>
  samplesOf(...labels.map((label) => (label < 0 ? undefined : `answer ${label}`)));

/** Equality of JSON, for values without objects. */
export const identical: Same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
