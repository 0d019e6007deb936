import * as fc from "fast-check";

/** Paired answers of two methods to the same problems. */
export const pairs = (constraints: fc.ArrayConstraints = {}) =>
  fc
    .array(fc.tuple(fc.boolean(), fc.boolean()), { maxLength: 40, ...constraints })
    .map((both) => [both.map(([one]) => one), both.map(([, other]) => other)] as const);

/** Scores in 0 … 1 with many ties, as votes give, and whether each answer is right. */
export const scored = (constraints: fc.ArrayConstraints = {}) =>
  fc
    .array(fc.tuple(fc.integer({ min: 0, max: 8 }), fc.boolean()), { maxLength: 40, ...constraints })
    .map((both) => ({ scores: both.map(([eighths]) => eighths / 8), labels: both.map(([, right]) => right) }));
