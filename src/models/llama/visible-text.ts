import { ThinkingStream } from "../thinking/stream.js";
import type { Parted } from "../thinking/part.js";
import type { Constraint } from "./generate.js";
import { TextStream } from "./text-stream.js";

/**
 * What a model says of all that it writes: blocks of thinking are left out, and stop strings and constraints act on what is said alone. A
 * line's end in a block would end the answer, and a grammar would forbid a block that the prompt opened. One that the model would open itself
 * a grammar does forbid: it holds the first token, since a token cannot be taken back.
 */
export class VisibleText {
  readonly #thinking: ThinkingStream;
  readonly #tell: (piece: string) => void;
  readonly #stops: TextStream<number>;
  #piece = "";
  #told = 0;

  /** @param options - `begun`: the prompt opened a block; `stop`: strings that end what is said */
  constructor(
    tell: (piece: string) => void,
    { begun, stop = [] }: { begun: boolean; stop?: readonly string[] | undefined },
  ) {
    this.#tell = tell;
    this.#thinking = new ThinkingStream((piece) => this.#say(piece), begun);
    // It looks for stop strings in text; here its tokens are pieces of text.
    this.#stops = new TextStream<number>(() => this.#piece, stop);
  }

  push(piece: string): void {
    this.#thinking.push(piece);
  }

  /** The same constraint over what is said, which also ends at a stop string. */
  constrained(inner: Constraint | undefined): Constraint {
    return {
      state: () => (this.#thinking.visibleFrom === undefined ? undefined : inner?.state()),
      see: (text) => {
        const from = this.#thinking.visibleFrom;
        return this.#stops.stopped || (from !== undefined && (inner?.see(text.slice(from)) ?? false));
      },
    };
  }

  end(cut: boolean): Parted {
    const { text, ...rest } = this.#thinking.end(cut);
    if (this.#stops.stopped) return { text: this.#stops.text, ...rest };
    this.#tell(this.#stops.text.slice(this.#told));
    return { text, ...rest };
  }

  #say(piece: string): void {
    if (this.#stops.stopped) return;
    this.#piece = piece;
    this.#stops.push(0);
    const { text, settled, stopped } = this.#stops;
    const until = stopped ? text.length : settled;
    if (until > this.#told) this.#tell(text.slice(this.#told, until));
    this.#told = Math.max(this.#told, until);
  }
}
