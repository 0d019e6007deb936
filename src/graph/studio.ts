import { createCope } from "./cope.js";
import { withRecursionLimit } from "./recursion-limit.js";
import { resolveStages } from "./stages.js";

/**
 * The paper's cascade on the embedded models, compiled: what `langgraph.json` names. The server that loads it brings its
 * own checkpointer. Models, samples, thresholds and the rest are chosen in Studio's form.
 */
export const cope = withRecursionLimit(createCope().compile(), resolveStages("cope"));
