import type { LlamaContextSequence, Token } from "node-llama-cpp";
import type { Engine } from "./engine.js";
import { held, reusable, type SequencePool, type Slot } from "./sequence-pool.js";

/**
 * Prompt tokens evaluated in one step. Prompts are always cut at the same places, and only whole pieces are used again
 * from another prompt: floating-point sums depend on how a prompt is cut, and a seed must give the same text whether
 * or not a beginning was already there. Small, so that little is evaluated twice where prompts differ only at the end;
 * 32 costs 4 % of speed against 128.
 */
export const CHUNK = 32;

/** How a prompt is made ready. */
export interface Preparing {
  /** Use also what was generated after an earlier prompt, at any place: faster, but in other numbers' company. */
  keepGenerated?: boolean;
  signal?: AbortSignal;
}

/**
 * Makes a lent sequence hold the prompt and nothing else. What it holds already stays; what a sequence of an earlier
 * call holds, or is about to, is copied from there instead of being evaluated again: eight samples of one prompt cost
 * one evaluation.
 */
export async function prepare(engine: Evaluating, slot: Slot, tokens: Token[], options: Preparing = {}): Promise<void> {
  const ready = evaluatePrompt(engine, slot, tokens, options);
  slot.preparing = ready.catch(() => undefined);
  await ready;
  slot.preparing = undefined;
}

type Evaluating = Pick<Engine, "pool" | "giveWay">;

async function evaluatePrompt(engine: Evaluating, slot: Slot, tokens: Token[], options: Preparing): Promise<void> {
  const { sequence } = slot;
  const { keepGenerated, signal } = options;
  const own = keepGenerated ? held(slot, tokens) : usable(reusable(slot, tokens), slot, tokens);
  const kept = await copyPrefix(engine.pool, slot, tokens, own, signal);
  slot.promptTokens = Math.min(kept, keepGenerated ? slot.promptTokens : kept);
  if (kept < sequence.nextTokenIndex) {
    await sequence.eraseContextTokenRanges([{ start: kept, end: sequence.nextTokenIndex }]);
  }
  // Some architectures cannot cut their state just anywhere, and then hold less than was asked for.
  for (let start = Math.min(kept, sequence.nextTokenIndex); start < tokens.length; start += CHUNK) {
    signal?.throwIfAborted();
    engine.giveWay();
    await sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(start, start + CHUNK));
    slot.promptTokens = Math.min(start + CHUNK, tokens.length);
  }
}

/** Of `length` equal tokens, those that may stay: whole chunks, or all where the whole prompt was cut just so. */
function usable(length: number, { promptTokens }: Slot, tokens: readonly Token[]): number {
  return length === tokens.length && length === promptTokens ? length : length - (length % CHUNK);
}

/** Copies the longest beginning that an earlier loan holds. @returns tokens from the start that are there now. */
async function copyPrefix(
  pool: SequencePool,
  slot: Slot,
  tokens: Token[],
  own: number,
  signal?: AbortSignal,
): Promise<number> {
  for (;;) {
    const donor = bestDonor(pool, slot, tokens, own);
    if (!donor) return own;
    if (donor.preparing) {
      // Only earlier loans are waited for, so no two calls wait for each other.
      await donor.preparing;
      signal?.throwIfAborted();
      continue;
    }
    const length = usable(reusable(donor, tokens), donor, tokens);
    if (await copyState(donor.sequence, slot.sequence, length)) return length;
    await slot.sequence.clearHistory();
    return 0;
  }
}

function bestDonor(pool: SequencePool, slot: Slot, tokens: readonly Token[], own: number): Slot | undefined {
  let best: Slot | undefined;
  let most = own;
  for (const other of pool.slots) {
    if (other === slot || (other.loan > slot.loan && other.preparing)) continue;
    const promised = other.preparing ? promisedBy(other, tokens) : usable(reusable(other, tokens), other, tokens);
    if (promised <= most) continue;
    most = promised;
    best = other;
  }
  return best;
}

/** What a prompt that is being evaluated will share; all but its end, of which only sampling decides. */
function promisedBy({ prompt }: Slot, tokens: readonly Token[]): number {
  let same = 0;
  while (same < tokens.length && tokens[same] === prompt[same]) same += 1;
  return same === tokens.length ? same : same - (same % CHUNK);
}

/** What node-llama-cpp has for copying between sequences in memory; its public way goes through a file. */
interface Copying {
  _copyStateFromOtherSequence?(from: LlamaContextSequence, upTo: number): Promise<boolean>;
}

/** @returns false where the engine cannot copy: the target then holds nothing that may be used. */
async function copyState(from: LlamaContextSequence, to: LlamaContextSequence, upTo: number): Promise<boolean> {
  const copy = (to as Copying)._copyStateFromOtherSequence;
  if (!copy) return false;
  try {
    return (await copy.call(to, from, upTo)) && to.nextTokenIndex === upTo;
  } catch {
    return false;
  }
}
