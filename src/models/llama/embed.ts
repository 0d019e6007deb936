import { CopeError } from "../../errors.js";
import type { Engine } from "./engine.js";

type BySize = Map<number, ReturnType<Engine["model"]["createEmbeddingContext"]>>;

/** Contexts for embeddings, beside those for text: one a model and size, made when first needed. */
const contexts = new WeakMap<Engine["model"], BySize>();

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
  const bySize: BySize = contexts.get(model) ?? new Map();
  contexts.set(model, bySize);
  const made = bySize.get(contextSize) ?? model.createEmbeddingContext({ contextSize, threads });
  bySize.set(contextSize, made);
  made.catch(() => bySize.delete(contextSize));
  engine.giveWay();
  const { vector } = await (await made).getEmbeddingFor(tokens.length > 0 ? tokens : model.tokenize(" "));
  const length = Math.hypot(...vector);
  return vector.map((value) => (length === 0 ? 0 : value / length));
}
