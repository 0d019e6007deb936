import { closeSync, openSync, readSync, statSync } from "node:fs";
import { CopeError } from "../../errors.js";
import { type Thinks, thinksByTemplate } from "../../models/thinking/models.js";

/** What the head of a GGUF file says. */
export interface GgufHead {
  /** Such as `llama`, `qwen2`, `bert`; empty where it is not stated. */
  architecture: string;
  name?: string;
  licence?: string;
  /** Tokens the model was trained to see at once. */
  contextLength?: number;
  /** Whether it has a chat template. */
  chatTemplate: boolean;
  /** How its model thinks, by the chat template; absent where it does not. */
  thinks?: Thinks | undefined;
  /** Whether it turns texts into vectors, and cannot go on with a text. */
  embedding: boolean;
  /** Of a model split into several files: which this is, from 0, and how many there are. */
  split?: { index: number; count: number };
  tensors: number;
  /** Size that the file has at least when it is whole. */
  bytes: number;
}

/** Values in a block → tensor type → bytes of the block. A type that is missing here only makes `bytes` smaller. */
const BLOCKS: Readonly<Record<number, Readonly<Record<number, number>>>> = {
  1: { 0: 4, 1: 2, 24: 1, 25: 2, 26: 4, 27: 8, 28: 8, 30: 2 },
  32: { 2: 18, 3: 20, 6: 22, 7: 24, 8: 34, 20: 18, 39: 17 },
  256: {
    10: 84,
    11: 110,
    12: 144,
    13: 176,
    14: 210,
    15: 292,
    16: 66,
    17: 74,
    18: 98,
    19: 50,
    21: 110,
    22: 82,
    23: 136,
  },
};
const TYPES = new Map(
  Object.entries(BLOCKS).flatMap(([values, types]) =>
    Object.entries(types).map(([type, bytes]) => [Number(type), bytes / Number(values)] as const),
  ),
);

/** Architectures of encoders: they are made for vectors. */
const ENCODERS = /bert|t5encoder|embedding/;

const heads = new Map<string, GgufHead>();

/**
 * Reads the head of a GGUF file, without llama.cpp, and checks that the file is as long as its head says. The answer is
 * kept for as long as size and modification time stay the same.
 *
 * @param remedy - what the user can do about a file that is not whole.
 * @throws CopeError `MODEL_FILE_INVALID` for another kind of file, an unknown version, or a file that was cut.
 */
export function readGguf(path: string, remedy = "give the path of a whole GGUF file."): GgufHead {
  const { size, mtimeMs } = statSync(path);
  const key = `${path} ${size} ${mtimeMs}`;
  const known = heads.get(key);
  if (known) return known;
  const cursor = new GgufCursor(path);
  let head: GgufHead;
  try {
    head = parse(cursor);
  } catch (error) {
    if (CopeError.isInstance(error)) throw error;
    const reason = error instanceof RangeError ? `ends within its head, after ${size} bytes` : (error as Error).message;
    throw new CopeError("MODEL_FILE_INVALID", `${path} ${reason}.`, remedy, { cause: error });
  } finally {
    cursor.close();
  }
  if (size < head.bytes) {
    const reason = `${path} has ${size} of the ${head.bytes} bytes that its head asks for: it was cut.`;
    throw new CopeError("MODEL_FILE_INVALID", reason, remedy);
  }
  heads.set(key, head);
  return head;
}

/**
 * Checks that a model can chat, before it is loaded.
 *
 * @param path - as `locate` returns it.
 * @throws CopeError `MODEL_FILE_INVALID` for an embedding model; what `readGguf` throws.
 */
export function requireChatModel(path: string): void {
  const { architecture, embedding } = readGguf(path);
  if (!embedding) return;
  throw new CopeError(
    "MODEL_FILE_INVALID",
    `${path} is an embedding model (${architecture}): it gives vectors, not answers.`,
    "use it for embeddings, and a chat model here.",
  );
}

function parse(cursor: GgufCursor): GgufHead {
  if (cursor.magic() !== "GGUF") throw new Error("is no GGUF file");
  const version = cursor.u32();
  // Version 1 is not read by llama.cpp any more, and it guesses at versions it does not know.
  if (version !== 2 && version !== 3) throw new Error(`claims to be GGUF of version ${version}`);
  const tensors = cursor.u64();
  const count = cursor.u64();
  const facts = new Map<string, unknown>();
  for (let index = 0; index < count; index += 1) facts.set(cursor.text(), cursor.value(cursor.u32()));
  let end = 0;
  for (let index = 0; index < tensors; index += 1) end = Math.max(end, tensorEnd(cursor));
  const alignment = Number(facts.get("general.alignment") ?? 32);
  const start = Math.ceil(cursor.offset / alignment) * alignment;
  return { ...described(facts), tensors, bytes: end === 0 ? cursor.offset : start + end };
}

function tensorEnd(cursor: GgufCursor): number {
  cursor.skipText();
  let values = 1;
  for (let left = cursor.u32(); left > 0; left -= 1) values *= cursor.u64();
  const bytes = Math.ceil(values * (TYPES.get(cursor.u32()) ?? 0));
  return cursor.u64() + bytes;
}

function described(facts: ReadonlyMap<string, unknown>): Omit<GgufHead, "tensors" | "bytes"> {
  const text = (key: string) => (typeof facts.get(key) === "string" ? (facts.get(key) as string) : undefined);
  const number = (key: string) => (typeof facts.get(key) === "number" ? (facts.get(key) as number) : undefined);
  const architecture = text("general.architecture") ?? "";
  const count = number("split.count") ?? 0;
  return {
    architecture,
    name: text("general.name"),
    licence: text("general.license"),
    contextLength: number(`${architecture}.context_length`),
    chatTemplate: facts.has("tokenizer.chat_template"),
    thinks: thinksByTemplate(text("tokenizer.chat_template") ?? ""),
    embedding:
      ENCODERS.test(architecture) ||
      (number(`${architecture}.pooling_type`) ?? 0) > 0 ||
      facts.get(`${architecture}.attention.causal`) === false,
    split: count > 1 ? { index: number("split.no") ?? 0, count } : undefined,
  };
}

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
class GgufCursor {
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
