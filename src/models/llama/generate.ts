import type { Token } from "node-llama-cpp";
import { CopeError } from "../../errors.js";
import type { Sampling } from "../types.js";
import type { Engine } from "./engine.js";
import { reusable, type Slot } from "./sequence-pool.js";
import { TextStream } from "./text-stream.js";

/**
 * Prompt tokens evaluated in one step. Prompts are always cut at the same places, and only whole pieces are used again
 * from an earlier prompt: floating-point sums depend on how a prompt is cut, and a seed must give the same text whether
 * or not a beginning was already there. Small enough for an abort to be felt, large enough to cost no speed.
 */
const CHUNK = 128;

/** What came of one generation. */
export interface Generated {
  text: string;
  /** Generated tokens, those of a stop string included, the model's end-of-turn token not. */
  outputTokens: number;
  /** `stop`: the model or a stop string ended it; `length`: the token limit or the context did. */
  finish: "stop" | "length";
}

/**
 * Generates the continuation of a prompt on a free sequence of the engine.
 *
 * @throws CopeError `CONTEXT_OVERFLOW`, before anything is evaluated, when the prompt leaves no room for one token;
 *   the signal's reason when aborted.
 */
export async function generate(
  engine: Engine,
  prompt: readonly Token[],
  sampling: Sampling,
  signal?: AbortSignal,
): Promise<Generated> {
  const room = engine.contextSize - prompt.length;
  if (room < 1) {
    throw new CopeError(
      "CONTEXT_OVERFLOW",
      `the prompt has ${prompt.length} tokens, the context holds ${engine.contextSize}.`,
      `shorten the question, or set contextSize to at least ${prompt.length + sampling.maxTokens}.`,
    );
  }
  const slot = await engine.pool.acquire(prompt, signal);
  engine.lockstep.join();
  try {
    const tail = tailOf(prompt.length);
    await evaluatePrompt(slot, prompt.slice(0, -tail), signal);
    const bounded = { ...sampling, maxTokens: Math.min(sampling.maxTokens, room) };
    return await sample(engine, slot, prompt.slice(-tail), bounded, signal);
  } finally {
    engine.lockstep.leave();
    engine.pool.release(slot);
  }
}

// The last token is evaluated when sampling begins. So is one before it that would make a chunk of its own: single
// tokens share their batch with other calls, and what a prompt leaves behind must not depend on company.
function tailOf(promptLength: number): number {
  return promptLength > 1 && (promptLength - 1) % CHUNK === 1 ? 2 : 1;
}

async function evaluatePrompt(slot: Slot, tokens: Token[], signal?: AbortSignal): Promise<void> {
  const { sequence } = slot;
  const held = reusable(slot, tokens);
  const kept = held === tokens.length && held === slot.promptTokens ? held : held - (held % CHUNK);
  slot.promptTokens = kept;
  if (kept < sequence.nextTokenIndex) {
    await sequence.eraseContextTokenRanges([{ start: kept, end: sequence.nextTokenIndex }]);
  }
  // Some architectures cannot cut their state just anywhere, and then hold less than was asked for.
  for (let start = Math.min(kept, sequence.nextTokenIndex); start < tokens.length; start += CHUNK) {
    signal?.throwIfAborted();
    await sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(start, start + CHUNK));
    slot.promptTokens = Math.min(start + CHUNK, tokens.length);
  }
}

async function sample(
  engine: Engine,
  slot: Slot,
  last: Token[],
  { temperature, topP, seed, maxTokens, stop = [] }: Sampling,
  signal?: AbortSignal,
): Promise<Generated> {
  const stream = new TextStream<Token>((tokens, before) => engine.model.detokenize(tokens, false, before), stop);
  let outputTokens = 0;
  await engine.lockstep.next(slot.place);
  signal?.throwIfAborted();
  for await (const token of slot.sequence.evaluate(last, { temperature, topP, seed })) {
    outputTokens += 1;
    if (stream.push(token)) return { text: stream.text, outputTokens, finish: "stop" };
    if (outputTokens >= maxTokens) return { text: stream.end(), outputTokens, finish: "length" };
    await engine.lockstep.next(slot.place);
    signal?.throwIfAborted();
  }
  return { text: stream.end(), outputTokens, finish: "stop" };
}
