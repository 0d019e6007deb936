import type { Ask } from "../state/ask.js";
import { createCope } from "./cope.js";
import { withRecursionLimit } from "./recursion-limit.js";
import { resolveStages } from "./stages.js";

/** The nodes at which a person is asked are there, and nobody is unless the form says so. */
const ask: Ask = { guideline: false, leaving: false };

/**
 * The paper's cascade on the embedded models, compiled: what `langgraph.json` names. The server that loads it brings its
 * own checkpointer. Models, samples, thresholds, who is asked and the rest are chosen in Studio's form.
 */
export const cope = withRecursionLimit(createCope({ ask }).compile(), resolveStages("cope"), ask);
