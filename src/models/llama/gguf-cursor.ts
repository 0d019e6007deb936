import { closeSync, openSync, readSync } from "node:fs";

const WINDOW = 1 << 20;
/** Bytes of the scalar types, by number; 8 is a text and 9 a list. */
const WIDTHS: Readonly<Record<number, number>> = {
  0: 1,
  1: 1,
  2: 2,
  3: 2,
  4: 4,
  5: 4,
  6: 4,
  7: 1,
  10: 8,
  11: 8,
  12: 8,
};
const TEXT = 8;
const LIST = 9;

/** Reads a GGUF file's head from its start, through a window: memory does not grow with what the file claims. */
export class GgufCursor {
  readonly #file: number;
  readonly #window = Buffer.alloc(WINDOW);
  /** Where in the file the window starts, and how much of it is filled. */
  #start = 0;
  #filled = 0;
  #at = 0;

  constructor(path: string) {
    this.#file = openSync(path, "r");
  }

  /** Bytes read so far. */
  get offset(): number {
    return this.#start + this.#at;
  }

  close(): void {
    closeSync(this.#file);
  }

  magic(): string {
    return this.#take(4).toString("latin1");
  }

  u32(): number {
    return this.#take(4).readUInt32LE();
  }

  u64(): number {
    return Number(this.#take(8).readBigUInt64LE());
  }

  /** A text; one longer than the window is cut. */
  text(): string {
    const length = this.u64();
    const text = this.#take(Math.min(length, WINDOW)).toString("utf8");
    this.#skip(Math.max(0, length - WINDOW));
    return text;
  }

  skipText(): void {
    this.#skip(this.u64());
  }

  /** A value of a type; of lists nothing but that they are there. */
  value(type: number): string | number | boolean | undefined {
    if (type === TEXT) return this.text();
    if (type === LIST) return void this.#skipList(0);
    const bytes = this.#take(width(type));
    if (type === 7) return bytes[0] !== 0;
    if (type === 6) return bytes.readFloatLE();
    if (type === 12) return bytes.readDoubleLE();
    if (bytes.length === 8) return Number(type === 10 ? bytes.readBigUInt64LE() : bytes.readBigInt64LE());
    return type % 2 === 0 ? bytes.readUIntLE(0, bytes.length) : bytes.readIntLE(0, bytes.length);
  }

  #skipList(depth: number): void {
    if (depth > 8) throw new Error("has lists in lists without end");
    const type = this.u32();
    const count = this.u64();
    if (type !== TEXT && type !== LIST) return this.#skip(count * width(type));
    for (let index = 0; index < count; index += 1) {
      if (type === TEXT) this.skipText();
      else this.#skipList(depth + 1);
    }
  }

  #skip(bytes: number): void {
    this.#at += bytes;
    if (this.#at > this.#filled) this.#refill(0);
  }

  #take(bytes: number): Buffer {
    if (this.#at + bytes > this.#filled) this.#refill(bytes);
    this.#at += bytes;
    return this.#window.subarray(this.#at - bytes, this.#at);
  }

  #refill(needed: number): void {
    this.#start += this.#at;
    this.#at = 0;
    // A claimed length may be beyond what a position can be.
    const start = Number.isSafeInteger(this.#start) ? this.#start : 2 ** 52;
    this.#filled = readSync(this.#file, this.#window, 0, WINDOW, start);
    if (this.#filled < needed) throw new RangeError("the file ends here");
  }
}

function width(type: number): number {
  const bytes = WIDTHS[type];
  if (bytes === undefined) throw new Error(`has a value of the unknown type ${type}`);
  return bytes;
}
