import type { LlamaContextSequence, Token } from "node-llama-cpp";
import { CopeError } from "../../errors.js";

/** One sequence of a context, what it holds, and what its present call is going to hold. */
export interface Slot {
  readonly sequence: LlamaContextSequence;
  /** Its place among the sequences of the context, from 0. */
  readonly place: number;
  /** Tokens from its start that were evaluated as a prompt, in the usual chunks. */
  promptTokens: number;
  /** The prompt of the call it is lent to. */
  prompt: readonly Token[];
  /** Counts loans over the whole pool: tells which of two calls came first. */
  loan: number;
  /** Until the prompt is evaluated: settles when it is, or when its call failed. */
  preparing?: Promise<unknown>;
}

interface Waiting {
  tokens: readonly Token[];
  give(slot: Slot): void;
}

/** The sequences of one context, lent to one call each; calls wait in order of arrival when all are lent. */
export class SequencePool {
  /** All sequences, lent or not. */
  readonly slots: readonly Slot[];
  readonly #free: Slot[];
  readonly #waiting: Waiting[] = [];
  readonly #maxQueue: number;
  #loans = 0;

  /**
   * @param sequences - all sequences of a context.
   * @param maxQueue - calls that may wait for a sequence.
   */
  constructor(sequences: readonly LlamaContextSequence[], maxQueue = 1000) {
    this.slots = sequences.map((sequence, place) => ({ sequence, place, promptTokens: 0, prompt: [], loan: 0 }));
    this.#free = [...this.slots];
    this.#maxQueue = maxQueue;
  }

  /**
   * Lends the free sequence that holds the longest beginning of `tokens`, at once or when one is given back.
   *
   * @throws CopeError `RATE_LIMITED` when the queue is full; the signal's reason, when aborted while waiting.
   */
  async acquire(tokens: readonly Token[], signal?: AbortSignal): Promise<Slot> {
    signal?.throwIfAborted();
    const slot = this.#takeBest(tokens);
    if (slot) return this.#lend(slot, tokens);
    if (this.#waiting.length >= this.#maxQueue) {
      throw new CopeError(
        "RATE_LIMITED",
        `${this.#maxQueue} calls are waiting for one of ${this.slots.length} sequences already.`,
        "send fewer calls at once, or raise maxQueue.",
      );
    }
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
    slot.preparing = undefined;
    slot.prompt = [];
    const next = this.#waiting.shift();
    if (next) next.give(this.#lend(slot, next.tokens));
    else this.#free.push(slot);
  }

  #lend(slot: Slot, tokens: readonly Token[]): Slot {
    slot.loan = this.#loans += 1;
    slot.prompt = tokens;
    return slot;
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
  return Math.min(held(slot, tokens), slot.promptTokens);
}

/** Tokens at the start of `tokens` that a slot holds, whether as a prompt or as what was generated after it. */
export function held(slot: Slot, tokens: readonly Token[]): number {
  return slot.sequence.compareContextTokens(tokens as Token[]).firstDifferentIndex;
}
