/**
 * Turns tokens into text as they come, and looks for stop strings in it. A character whose bytes lie in several
 * tokens appears when its last byte does; a stop string may begin and end inside tokens.
 */
export class TextStream<Token extends number> {
  readonly #detokenize: (tokens: Token[], before: Token[]) => string;
  readonly #stop: readonly string[];
  readonly #longest: number;
  #pending: Token[] = [];
  #before: Token[] = [];
  #text = "";
  #stopped = false;

  /**
   * @param detokenize - text of some tokens, given the few before them.
   * @param stop - strings that end the text and are no part of it; empty ones are ignored.
   */
  constructor(detokenize: (tokens: Token[], before: Token[]) => string, stop: readonly string[]) {
    this.#detokenize = detokenize;
    this.#stop = stop.filter((text) => text !== "");
    this.#longest = Math.max(0, ...this.#stop.map((text) => text.length));
  }

  /** The text so far, without the stop string that ended it. */
  get text(): string {
    return this.#text;
  }

  /** Whether a stop string was met. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Length of the text that no later token can take back: what follows may be the beginning of a stop string. */
  get settled(): number {
    const { length } = this.#text;
    for (let tail = Math.min(this.#longest - 1, length); tail > 0; tail -= 1) {
      const end = this.#text.slice(length - tail);
      if (this.#stop.some((text) => text.startsWith(end))) return length - tail;
    }
    return length;
  }

  /** Takes one more token. @returns true when a stop string was met: nothing more is to be pushed. */
  push(token: Token): boolean {
    this.#pending.push(token);
    const piece = this.#detokenize(this.#pending, this.#before);
    // U+FFFD at the end: the bytes of a character are not complete. No character has more than four.
    if (piece.endsWith("\uFFFD") && this.#pending.length < 4) return false;
    return this.#append(piece);
  }

  /** Adds what is still held back when generation ends inside a character. */
  end(): string {
    if (this.#pending.length > 0) this.#append(this.#detokenize(this.#pending, this.#before));
    return this.#text;
  }

  #append(piece: string): boolean {
    this.#before = [...this.#before, ...this.#pending].slice(-4);
    this.#pending = [];
    // Only what the new piece could have completed needs looking at.
    const from = Math.max(0, this.#text.length - this.#longest);
    this.#text += piece;
    const found = this.#stop.map((text) => this.#text.indexOf(text, from)).filter((index) => index >= 0);
    if (found.length === 0) return false;
    this.#text = this.#text.slice(0, Math.min(...found));
    this.#stopped = true;
    return true;
  }
}
