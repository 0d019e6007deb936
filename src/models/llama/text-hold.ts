/** Passes text on as it comes, until a mark begins: what may be a tool call is not told as text. */
export class TextHold {
  readonly #mark: string;
  readonly #tell: (piece: string) => void;
  #text = "";
  #told = 0;

  /** @param mark - what a tool call begins with; "": nothing is held. */
  constructor(mark: string, tell: (piece: string) => void = () => {}) {
    this.#mark = mark;
    this.#tell = tell;
  }

  /** More of the text. */
  push(piece: string): void {
    this.#text += piece;
    // A whole answer in braces or in a block of code may be a call without its mark.
    if (this.#mark !== "" && /^\s*(\{|`)/.test(this.#text)) return;
    const at = this.#mark === "" ? -1 : this.#text.indexOf(this.#mark, Math.max(0, this.#told - this.#mark.length));
    this.#upTo(at >= 0 ? at : this.#text.length - this.#begun());
  }

  /** @param plain - no call was found: what was held is text after all. */
  end(plain: boolean): void {
    if (plain) this.#upTo(this.#text.length);
  }

  /** Characters at the end with which the mark may begin. */
  #begun(): number {
    for (let length = Math.min(this.#mark.length - 1, this.#text.length); length > 0; length -= 1) {
      if (this.#mark.startsWith(this.#text.slice(-length))) return length;
    }
    return 0;
  }

  #upTo(end: number): void {
    if (end <= this.#told) return;
    this.#tell(this.#text.slice(this.#told, end));
    this.#told = end;
  }
}
