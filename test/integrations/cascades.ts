import type { CopeOptions } from "../../src/index.js";
import { scriptedModel, type Rule } from "../../src/testing/index.js";
import { StreamingModel } from "../support/streaming-model.js";

/** A text that its model was more or less sure of: the family chat goes by that. */
const said = (text: string, logprob: number) => ({ text, logprobs: [logprob, logprob] });

/** Log-probabilities are declared for the model that they pose as. */
export const POSING = { as: "llama:some" };
export const TAKEN_OVER = "The sky is blue since air scatters short waves more.";
export const DRAFT = "Drafted";

/** All three stages run: the small model is sure of none of its drafts, and the large one's answer is streamed. */
export function doubtful(
  takeover: Rule["reply"] = TAKEN_OVER,
): CopeOptions & { large: StreamingModel; small: StreamingModel } {
  const small = new StreamingModel(
    [
      { purpose: "goal", reply: "Say why." },
      { purpose: "execute", replies: [1, 2, 3].map((nth) => said(`${DRAFT} ${nth}.`, -3)) },
    ],
    POSING,
  );
  const large = new StreamingModel(
    [
      { purpose: "guideline", reply: "Think of scattering." },
      { stage: "takeover", reply: takeover },
    ],
    POSING,
  );
  return { family: "chat", samples: 3, small, large };
}

/** The first stage answers: its drafts are sure. */
export const sure = (): CopeOptions => ({
  family: "chat",
  samples: 2,
  small: scriptedModel(
    [
      { purpose: "goal", reply: "Say why." },
      { stage: "solo", replies: [said(`${DRAFT} 1.`, -0.2), said("Accepted.", -0.01)] },
    ],
    POSING,
  ),
  large: scriptedModel([], POSING),
});
