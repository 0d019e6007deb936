import { begunMark, beginsBlock, endsBlock, isMention, LOOKAHEAD, marksOf } from "./marks.js";
import { joined, mayBeWrapped, partThinking, SPOKEN, type Parted } from "./part.js";

/** Beginnings of forms that are told at their end: channels, and marks in words. */
const HELD = [/^\s*<\|(?:start|channel)\|>/, ...SPOKEN.map(({ opens }) => opens)];
const HELD_WORDS = [
  "<|start|>",
  "<|channel|>",
  "analysis",
  "here is my thought process:",
  "here's my thought process:",
];

/**
 * Tells the visible text of a stream while it comes, and never a piece of a block of thinking. What may still turn out to begin one
 * is held back. All that is told is the beginning of what `partThinking` makes of the whole; only a closing mark that nothing opened comes too
 * late, unless `begun` says that there will be one.
 */
export class ThinkingStream {
  readonly #tell: (piece: string) => void;
  readonly #begun: boolean;
  #raw = "";
  #told = "";
  /** The visible text before the part under way. */
  #visible = "";
  #behindBlock = false;
  /** A block began inside of the block under way: which mark closes the last one, only the whole tells. */
  #isNested = false;
  /** Where the visible text under way begins, or the block. */
  #from = 0;
  #scanned = 0;
  #state: "start" | "text" | "block" | "held" = "start";

  /** @param begun - the text begins inside of a block */
  constructor(tell: (piece: string) => void, begun = false) {
    this.#tell = tell;
    this.#begun = begun;
  }

  /** Where the visible text begins that is under way; undefined inside of a block. */
  get visibleFrom(): number | undefined {
    const inside = this.#state === "block" || (this.#state === "start" && this.#begun);
    return inside ? undefined : this.#from;
  }

  /** More of the text. */
  push(piece: string): void {
    this.#raw += piece;
    if (this.#state === "start") this.#start();
    while (this.#state === "block" ? this.#close() : this.#state === "text" && this.#open());
  }

  /** The text is over: tells what was held back and is text. `cut`: by the token limit. */
  end(cut: boolean): Parted {
    const parted = partThinking(this.#raw, { begun: this.#begun, cut });
    if (parted.text.startsWith(this.#told)) this.#say(parted.text.slice(this.#told.length));
    return parted;
  }

  #start(): void {
    const beginning = this.#raw.trimStart().toLowerCase();
    if (HELD.some((form) => form.test(this.#raw))) this.#state = "held";
    else if (this.#begun) this.#state = "block";
    // One character more tells "analysis" from what is spoken by that name.
    else if (beginning !== "" && !HELD_WORDS.some((word) => word.startsWith(beginning))) this.#state = "text";
  }

  /** In a block: goes on behind its end. */
  #close(): boolean {
    for (const mark of marksOf(this.#raw, this.#scanned)) {
      // Whether a quoted one is a mention, the next character tells. No other waits: a constraint must hold the very next token.
      if (mark.end === this.#raw.length && /[`"']/.test(this.#raw[mark.start - 1] ?? "")) return false;
      if (isMention(this.#raw, this.#from, mark)) continue;
      if (mark.opens) {
        // Some models repeat the opening mark of their prompt.
        this.#isNested ||= this.#raw.slice(this.#from, mark.start).trim() !== "";
        continue;
      }
      this.#go(this.#isNested ? "held" : "text", mark.end);
      return true;
    }
    this.#scanned = Math.max(this.#scanned, begunMark(this.#raw));
    return false;
  }

  /** In visible text: tells it up to the next block, or to what may begin one. */
  #open(): boolean {
    let until = begunMark(this.#raw);
    for (const mark of marksOf(this.#raw, this.#scanned)) {
      until = Math.max(until, mark.end);
      if (mark.end + LOOKAHEAD > this.#raw.length) {
        until = mark.start;
        break;
      }
      if (mark.opens ? beginsBlock(this.#raw, this.#from, mark) : endsBlock(this.#raw, this.#from, mark)) {
        if (!mark.opens) {
          // All that was visible was thinking: what was told cannot be taken back.
          this.#go(this.#told === "" ? "text" : "held", mark.end);
          return this.#told === "";
        }
        this.#sayTo(mark.start, true);
        this.#go("block", mark.end);
        return true;
      }
    }
    this.#sayTo(until);
    this.#scanned = until;
    return false;
  }

  #go(state: "text" | "block" | "held", from: number): void {
    this.#state = state;
    this.#from = from;
    this.#scanned = from;
    this.#behindBlock = true;
  }

  /** Tells the visible text up to a place, and keeps it as what a later part is joined to. */
  #sayTo(end: number, isWhole = false): void {
    const part = this.#raw.slice(this.#from, end);
    const visible = this.#behindBlock ? joined(this.#visible, part) : part;
    const open = this.#told === "" && (visible.trim() === "" || (this.#behindBlock && mayBeWrapped(visible)));
    if (!open) this.#say(visible.slice(this.#told.length));
    if (isWhole) this.#visible = visible.trim() === "" ? "" : visible;
  }

  #say(piece: string): void {
    if (piece === "") return;
    this.#told += piece;
    this.#tell(piece);
  }
}
