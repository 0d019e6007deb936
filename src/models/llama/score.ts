import type { Token } from "node-llama-cpp";
import type { Engine } from "./engine.js";
import { CHUNK } from "./prepare.js";
import type { Slot } from "./sequence-pool.js";
import type { TokenLogprob } from "./shapes.js";

/**
 * Log-probabilities of given tokens after what the sequence holds up to `before`, in one pass: the model's own
 * distribution over its whole vocabulary, before temperature, top-p or a grammar.
 *
 * @param before - tokens from the sequence's start that stay; at least 1.
 * @param last - the last of those, which is evaluated again: it predicts the first of `tokens`.
 * @param top - alternatives told for each token.
 */
export async function scoreTokens(
  engine: Engine,
  { sequence }: Slot,
  { before, last, tokens, top = 0 }: { before: number; last: Token; tokens: readonly Token[]; top?: number },
  signal?: AbortSignal,
): Promise<TokenLogprob[]> {
  if (tokens.length === 0) return [];
  if (before - 1 < sequence.nextTokenIndex) {
    await sequence.eraseContextTokenRanges([{ start: before - 1, end: sequence.nextTokenIndex }]);
  }
  const shown = (token: Token) => engine.model.detokenize([token], true);
  const input = [last, ...tokens.slice(0, -1)];
  const scored: TokenLogprob[] = [];
  // In pieces: the engine keeps a number for each word of the vocabulary for every token of a piece.
  for (let start = 0; start < input.length; start += CHUNK) {
    signal?.throwIfAborted();
    engine.giveWay();
    const piece = input.slice(start, start + CHUNK).map((token, index) => {
      // The likeliest is asked for as one of the top: beside a list of tokens the engine forgets `includeMax`.
      const filter = { tokens: [tokens[start + index]!], includeTop: Math.max(1, top) };
      return [token, { generateNext: { logits: { filter }, totalLogitWeight: true } }] as [Token, object];
    });
    const results = await sequence.controlledEvaluate(piece);
    results.forEach((result, index) => {
      const { logits, totalLogitWeight } = result!.next;
      const ranked = [...logits!.entries()].toSorted(([, a], [, b]) => b - a);
      const norm = ranked[0]![1] + Math.log(totalLogitWeight!);
      const token = tokens[start + index]!;
      scored.push({
        token: shown(token),
        logprob: Math.min(0, logits!.get(token)! - norm),
        top_logprobs: ranked
          .slice(0, top)
          .map(([other, logit]) => ({ token: shown(other), logprob: Math.min(0, logit - norm) })),
      });
    });
  }
  return scored;
}
