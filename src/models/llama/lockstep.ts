/**
 * Keeps the calls on one context in step: a decoding step begins when every running call is ready for it. llama.cpp
 * decodes all sequences of a step in one pass over the weights; without this, calls fall out of step and are decoded
 * in smaller batches, in an order that depends on timing. A call that still reads its prompt makes the others wait.
 */
export class Lockstep {
  #members = 0;
  #ready: { place: number; go: () => void }[] = [];
  readonly #onStep: () => void;

  /** @param onStep - called before each step. */
  constructor(onStep: () => void = () => {}) {
    this.#onStep = onStep;
  }

  /** A call begins; from now on steps wait for it. */
  join(): void {
    this.#members += 1;
  }

  /** A call ends, however it ends. */
  leave(): void {
    this.#members -= 1;
    this.#stepIfAllReady();
  }

  /**
   * Resolves when every running call waits for its next step; calls go on in the order of their places.
   *
   * @param place - the call's sequence among those of the context. llama.cpp passes over the weights once for a run of
   *   neighbouring sequences in rising order, and once more wherever that order breaks.
   */
  next(place: number): Promise<void> {
    return new Promise((go) => {
      this.#ready.push({ place, go });
      this.#stepIfAllReady();
    });
  }

  #stepIfAllReady(): void {
    if (this.#ready.length < this.#members) return;
    const all = this.#ready.toSorted((a, b) => a.place - b.place);
    this.#ready = [];
    if (all.length > 0) this.#onStep();
    // A moment later, when also the last to arrive is waiting: otherwise it would not go on in its place.
    queueMicrotask(() => all.forEach(({ go }) => go()));
  }
}
