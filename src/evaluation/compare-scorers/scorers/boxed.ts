import type { ComparedScorer } from "../types.js";

/** Share of samples that put their answer into a box as they were told to: form alone, a weak control. */
export const boxed: ComparedScorer = {
  name: "boxed",
  about: "share of samples that boxed their answer: form alone",
  probability: false,
  threshold: "as base",
  control: true,
  score: ({ draws }) => ({
    score: draws.filter(({ text }) => text.includes("\\boxed{")).length / draws.length,
    draws: draws.length,
  }),
};
