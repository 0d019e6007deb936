import { CopeError } from "../../errors.js";
import type { Engine } from "./engine.js";

/** One context for embeddings a model, beside the one for text; made when first needed. */
const contexts = new WeakMap<Engine["model"], ReturnType<Engine["model"]["createEmbeddingContext"]>>();

/**
 * A vector for a text, of unit length.
 *
 * @throws CopeError `CONTEXT_OVERFLOW` for a text longer than the context.
 */
export async function embedText(engine: Engine, text: string): Promise<number[]> {
  const { model, contextSize, threads } = engine;
  const tokens = model.tokenize(text);
  if (tokens.length >= contextSize) {
    throw new CopeError(
      "CONTEXT_OVERFLOW",
      `the text has ${tokens.length} tokens, the context holds ${contextSize}.`,
      "embed it in pieces, or raise contextSize.",
    );
  }
  const made = contexts.get(model) ?? model.createEmbeddingContext({ contextSize, threads });
  contexts.set(model, made);
  made.catch(() => contexts.delete(model));
  engine.giveWay();
  const { vector } = await (await made).getEmbeddingFor(tokens.length > 0 ? tokens : model.tokenize(" "));
  const length = Math.hypot(...vector);
  return vector.map((value) => (length === 0 ? 0 : value / length));
}
