import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import { abilityMissing } from "./abilities.js";
import type { ChatHandle, Sampling } from "./types.js";

/** What a request for a vector says of sampling: nothing is generated. */
export const NO_SAMPLING: Sampling = { temperature: 0, maxTokens: 0, seed: 0 };

/** Digits that are kept of a vector's numbers: enough to train on, and short on the tape. */
const DIGITS = 5;

/**
 * What turns texts into vectors, as a handle that is asked like a chat model: so it is retried, limited, taped and charged
 * like one. The reply's text is the vector as JSON, that of the last message.
 *
 * @param own - embeddings that are used in place of the model's
 * @param who - who needs them, as the error names it
 * @throws CopeError `ABILITY_MISSING` for a model without embeddings where none of one's own are given
 */
export function embedder(handle: ChatHandle, own: EmbeddingsInterface | undefined, who: string): ChatHandle {
  const embed = own
    ? async (text: string) => ({ vector: await own.embedQuery(text), inputTokens: null })
    : handle.embed;
  if (!embed) {
    const why = "it is reached as a chat model alone";
    const remedy = 'use an embedded small model ("llama:…"), or pass LangChain embeddings: evaluate({ embeddings }).';
    throw abilityMissing(handle.identity, "embeddings", { has: false, from: "declared", why, remedy }, who);
  }
  const local = handle.local === undefined ? {} : { local: handle.local };
  return {
    ...(own ? { identity: identityOf(own) } : { identity: handle.identity, ...local }),
    async ask(messages, _sampling, signal) {
      const began = performance.now();
      const { vector, inputTokens } = await embed(messages.at(-1)!.content, signal);
      const text = JSON.stringify(vector.map((value) => Number(value.toPrecision(DIGITS))));
      return { text, usage: { inputTokens, outputTokens: 0 }, finish: "stop", ms: performance.now() - began };
    },
  };
}

/** LangChain's embeddings name their model in one of two fields, where they have one. */
function identityOf(embeddings: EmbeddingsInterface): ChatHandle["identity"] {
  const { model, modelName } = embeddings as { model?: unknown; modelName?: unknown };
  const provider = embeddings.constructor.name;
  return { provider, model: String(model ?? modelName ?? provider) };
}
