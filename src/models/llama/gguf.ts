import { statSync } from "node:fs";
import { CopeError } from "../../errors.js";
import { thinksByTemplate, type Thinks } from "../thinking/models.js";
import { GgufCursor } from "./gguf-cursor.js";

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
