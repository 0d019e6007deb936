import type { Sample } from "../../src/state/sample.js";
import { samplesOf } from "../../src/testing/index.js";

/** Samples from a label sequence: a number is the answer, -1 is unreadable. */
export const samplesFrom = (labels: readonly number[]): Sample[] =>
  samplesOf(...labels.map((label) => (label < 0 ? undefined : `answer ${label}`)));
