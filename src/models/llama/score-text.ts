import type { BaseMessage } from "@langchain/core/messages";
import type { Engine } from "./engine.js";
import { roomFor } from "./generate.js";
import { prepare } from "./prepare.js";
import { renderPrompt } from "./prompt.js";
import { scoreTokens } from "./score.js";
import type { ScoredText } from "./shapes.js";

/** See `ChatLlama.score`. @throws CopeError `CONTEXT_OVERFLOW`, and what `renderPrompt` throws */
export async function scoreText(
  engine: Engine,
  text: string,
  {
    messages,
    topLogprobs = 0,
    signal,
  }: { messages?: readonly BaseMessage[]; topLogprobs?: number; signal?: AbortSignal },
): Promise<ScoredText> {
  const own = engine.model.tokenize(text);
  const { bos, shouldPrependBosToken } = engine.model.tokens;
  const context = messages
    ? renderPrompt(engine, messages, { opens: false }).tokens
    : shouldPrependBosToken && bos !== null
      ? [bos]
      : own.splice(0, 1);
  const first =
    messages || shouldPrependBosToken ? [] : context.map((token) => unscored(engine.model.detokenize([token])));
  if (own.length === 0) return { tokens: first, logprob: 0 };
  roomFor(engine, context.length + own.length - 1, 1);
  const slot = await engine.pool.acquire(context, signal);
  engine.lockstep.join();
  try {
    const last = context.at(-1)!;
    if (context.length > 1) await prepare(engine, slot, context.slice(0, -1), signal ? { signal } : {});
    else slot.promptTokens = 0;
    const place = { before: context.length, last, tokens: own, top: topLogprobs };
    const scored = await scoreTokens(engine, slot, place, signal);
    return { tokens: [...first, ...scored], logprob: scored.reduce((sum, { logprob }) => sum + logprob, 0) };
  } finally {
    engine.lockstep.leave();
    engine.pool.release(slot);
  }
}

const unscored = (token: string) => ({ token, logprob: null, top_logprobs: [] });
