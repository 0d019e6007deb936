import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  truncateSync,
  writeSync,
  closeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { catalogEntry, weightsPath } from "../../src/models/llama/catalog.js";
import { ChatLlama } from "../../src/models/llama/chat.js";
import { needs } from "../support/needs.js";

const path = weightsPath(catalogEntry("smollm2-135m-instruct"));
const present = needs(
  "the weights of smollm2-135m-instruct (cope models pull smollm2-135m-instruct)",
  existsSync(path),
);
const folder = mkdtempSync(join(tmpdir(), "cope-broken-"));

afterAll(async () => {
  await ChatLlama.dispose();
  rmSync(folder, { recursive: true });
});

/** A copy of the weights, damaged. */
function damaged(name: string, damage: (file: string) => void): string {
  const file = join(folder, `${name}.gguf`);
  copyFileSync(path, file);
  damage(file);
  return file;
}

/** Writes other bytes of the same length over the first place where `from` stands in the header. */
function overwrite(file: string, from: string, to: string): void {
  const handle = openSync(file, "r+");
  const head = Buffer.alloc(4_000_000);
  readSync(handle, head, 0, head.length, 0);
  const at = head.indexOf(from);
  if (at < 0 || from.length !== to.length) throw new Error(`cannot write ${to} over ${from}`);
  writeSync(handle, to, at);
  closeSync(handle);
}

const failure = async (model: string): Promise<unknown> => {
  try {
    return await new ChatLlama({ model, maxTokens: 2 }).invoke("Hi");
  } catch (error) {
    return error;
  }
};

describe.skipIf(!present)("weights that cannot be used", { timeout: 60_000 }, () => {
  it.each([
    ["half written", (file: string) => truncateSync(file, 50_000_000)],
    ["cut in the header", (file: string) => truncateSync(file, 100_000)],
    [
      "of an unknown architecture",
      (file: string) =>
        overwrite(
          file,
          "architecture\u0008\0\0\0\u0005\0\0\0\0\0\0\0llama",
          "architecture\u0008\0\0\0\u0005\0\0\0\0\0\0\0llamx",
        ),
    ],
    [
      "with a template that does not parse",
      (file: string) => overwrite(file, "{% for message in messages %}", "{% for message on messages %}"),
    ],
    [
      "without a template, as embedding models are",
      (file: string) => overwrite(file, "tokenizer.chat_template", "tokenizer.chat_tempxxxx"),
    ],
  ])("end in a coded error that names the file: %s", async (name, damage) => {
    const file = damaged(name.replaceAll(/\W+/g, "-"), damage);
    expect(await failure(file)).toMatchObject({
      code: "MODEL_FILE_INVALID",
      reason: expect.stringContaining(file),
      remedy: expect.stringMatching(/\w/),
    });
  });
});
