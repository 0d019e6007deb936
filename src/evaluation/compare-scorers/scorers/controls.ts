import { createHash } from "node:crypto";
import type { ComparedScorer } from "../types.js";

/** Mean length of the samples' texts: the shorter, the surer. */
export const textLength: ComparedScorer = {
  name: "short text",
  about: "mean length of the samples, shorter first",
  probability: false,
  threshold: "as base",
  control: true,
  score: ({ draws }) => ({
    score: -draws.reduce((sum, { text }) => sum + text.length, 0) / draws.length,
    draws: draws.length,
  }),
};

/** A number by problem that knows nothing. */
export const chance: ComparedScorer = {
  name: "random",
  about: "a number by chance",
  probability: false,
  threshold: "as base",
  control: true,
  score: ({ problem, draws }) => ({
    score: createHash("sha256").update(`compare/${problem}`).digest().readUInt32BE(0) / 2 ** 32,
    draws: draws.length,
  }),
};
