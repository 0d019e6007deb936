import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { CopeError } from "../../../src/errors.js";
import { readGguf, requireChatModel } from "../../../src/models/llama/gguf.js";
import { locate } from "../../../src/models/llama/locate.js";
import { catalogEntry, weightsPath } from "../../../src/models/llama/catalog.js";
import { needs } from "../../support/needs.js";
import { ggufFile } from "./gguf-file.js";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "cope-gguf-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const CHAT = { "general.architecture": "llama", "llama.context_length": 2048, "tokenizer.chat_template": "{{ x }}" };
const file = (content: Buffer, name = "model.gguf") => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const errorOf = (work: () => unknown) => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

it("reads what a file is, past long lists", () => {
  const words = Array.from({ length: 100_000 }, (_, index) => `word number ${index}`);
  const content = ggufFile({ "general.name": "Tiny", "tokenizer.ggml.tokens": words, ...CHAT }, [1000, 7]);
  expect(readGguf(file(content))).toEqual({
    architecture: "llama",
    name: "Tiny",
    licence: undefined,
    contextLength: 2048,
    chatTemplate: true,
    embedding: false,
    split: undefined,
    tensors: 2,
    // The last tensor is filled up to a multiple of 32 bytes, which need not be there.
    bytes: content.length - 4,
  });
});

it("refuses a file that was cut in its tensors or in its head, with the numbers", () => {
  const content = ggufFile(CHAT, [1000]);
  const cut = (bytes: number) => errorOf(() => readGguf(file(content.subarray(0, bytes)), "pull it"));
  expect(cut(content.length - 100)).toMatchObject({
    code: "MODEL_FILE_INVALID",
    reason: expect.stringContaining(`${content.length - 100} of the ${content.length} bytes`),
    remedy: "pull it",
  });
  expect(cut(60)).toMatchObject({
    code: "MODEL_FILE_INVALID",
    reason: expect.stringContaining("ends within its head"),
  });
  expect(cut(2)).toMatchObject({ code: "MODEL_FILE_INVALID" });
});

it("refuses heads that claim more than any file holds", () => {
  const content = ggufFile(CHAT, [1000]);
  for (let at = 8; at < 200; at += 4) {
    const broken = Buffer.from(content);
    broken.fill(0xff, at, at + 8);
    const outcome = errorOf(() => readGguf(file(broken, `${at}.gguf`)));
    // Some places hold texts or numbers that may be anything.
    const fine =
      !(outcome instanceof Error) || (CopeError.isInstance(outcome) && outcome.code === "MODEL_FILE_INVALID");
    expect(fine).toBe(true);
  }
  const counts = Buffer.from(content);
  counts.fill(0xff, 8, 24);
  expect(errorOf(() => readGguf(file(counts)))).toMatchObject({ code: "MODEL_FILE_INVALID" });
});

it("tells a model for embeddings from one that chats", () => {
  expect(() => requireChatModel(file(ggufFile(CHAT)))).not.toThrow();
  const others: Record<string, string | number | boolean>[] = [
    { "general.architecture": "bert" },
    { "general.architecture": "nomic-bert-moe" },
    { "general.architecture": "gemma-embedding" },
    { "general.architecture": "qwen3", "qwen3.pooling_type": 3 },
    { "general.architecture": "llama", "llama.attention.causal": false },
  ];
  for (const [index, facts] of others.entries()) {
    const error = errorOf(() => requireChatModel(file(ggufFile(facts), `${index}.gguf`)));
    expect(error).toMatchObject({ code: "MODEL_FILE_INVALID", reason: expect.stringContaining("embedding model") });
  }
});

it("takes a model that is split by its first piece, when all pieces are there and whole", () => {
  const piece = (index: number) => ggufFile({ ...CHAT, "split.no": index, "split.count": 2 }, [1000]);
  const first = file(piece(0), "m-00001-of-00002.gguf");
  expect(errorOf(() => locate(first))).toMatchObject({ code: "FILE_NOT_FOUND" });
  const second = file(piece(1), "m-00002-of-00002.gguf");
  expect(locate(first)).toBe(first);
  expect(errorOf(() => locate(second))).toMatchObject({ remedy: expect.stringContaining("-00001-of-") });
  file(piece(1).subarray(0, 3000), "m-00002-of-00002.gguf");
  expect(errorOf(() => locate(first))).toMatchObject({ code: "MODEL_FILE_INVALID" });
});

it("finds a file without suffix by its absolute path", () => {
  mkdirSync(join(folder, "blobs"));
  const path = file(ggufFile(CHAT, [1000]), "blobs/sha256-0");
  expect(locate(path)).toBe(path);
});

const real = weightsPath(catalogEntry("smollm2-135m-instruct"));
it.skipIf(!needs("SmolLM2's weights", existsSync(real)))("knows the size of real weights to the byte", () => {
  const path = join(folder, "real.gguf");
  symlinkSync(real, path);
  expect(readGguf(path)).toMatchObject({ architecture: "llama", chatTemplate: true, bytes: 98_362_432, tensors: 272 });
});
