import { ThinkingStream } from "../thinking/stream.js";
import type { Parted } from "../thinking/part.js";
import type { Constraint } from "./generate.js";
import { TextStream } from "./text-stream.js";

/**
 * What a model says of all that it writes: blocks of thinking are left out, and stop strings and constraints act on what is said alone. A
 * grammar would forbid thinking, and a line's end in it would end the answer.
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
