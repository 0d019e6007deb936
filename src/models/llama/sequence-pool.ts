import type { LlamaContextSequence, Token } from "node-llama-cpp";

/** One sequence of a context, and how much of what it holds can be used again. */
export interface Slot {
  readonly sequence: LlamaContextSequence;
  /** Its place among the sequences of the context, from 0. */
  readonly place: number;
  /** Tokens from its start that were evaluated as a prompt, in the usual chunks. */
  promptTokens: number;
}

interface Waiting {
  tokens: readonly Token[];
  give(slot: Slot): void;
}

/** The sequences of one context, lent to one call each; calls wait in order of arrival when all are lent. */
export class SequencePool {
  readonly #free: Slot[];
  readonly #waiting: Waiting[] = [];

  /** @param sequences - all sequences of a context. */
  constructor(sequences: readonly LlamaContextSequence[]) {
    this.#free = sequences.map((sequence, place) => ({ sequence, place, promptTokens: 0 }));
  }

  /**
   * Lends the free sequence that holds the longest beginning of `tokens`, at once or when one is given back.
   *
   * @throws the signal's reason, when aborted while waiting.
   */
  async acquire(tokens: readonly Token[], signal?: AbortSignal): Promise<Slot> {
    signal?.throwIfAborted();
    const slot = this.#takeBest(tokens);
    if (slot) return slot;
    return new Promise((accept, reject) => {
      const waiting: Waiting = {
        tokens,
        give(given) {
          signal?.removeEventListener("abort", leave);
          accept(given);
        },
      };
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", leave, { once: true });
      this.#waiting.push(waiting);
    });
  }

  /** Takes a sequence back and lends it to whoever waits longest. */
  release(slot: Slot): void {
    const next = this.#waiting.shift();
    if (next) next.give(slot);
    else this.#free.push(slot);
  }

  #takeBest(tokens: readonly Token[]): Slot | undefined {
    let best: Slot | undefined;
    let bestLength = -1;
    for (const slot of this.#free) {
      const length = reusable(slot, tokens);
      // Among equals the first: neighbours are decoded together.
      if (length > bestLength || (length === bestLength && slot.place < (best?.place ?? 0))) {
        best = slot;
        bestLength = length;
      }
    }
    if (best) this.#free.splice(this.#free.indexOf(best), 1);
    return best;
  }
}

/** Tokens at the start of `tokens` that a slot holds as an evaluated prompt. */
export function reusable(slot: Slot, tokens: readonly Token[]): number {
  const same = slot.sequence.compareContextTokens(tokens as Token[]).firstDifferentIndex;
  return Math.min(same, slot.promptTokens);
}
