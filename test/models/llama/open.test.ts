import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { given } from "../../../src/models/given.js";
import { ChatLlama } from "../../../src/models/llama/chat.js";
import { openLlama } from "../../../src/models/llama/open.js";
import type { ChatHandle } from "../../../src/models/types.js";
import { temporaryFolder } from "../../support/folder.js";
import { ggufFile } from "./gguf-file.js";

const weights = (name: string) => ggufFile({ "general.architecture": "llama", "general.name": name }, [512]);

let path = "";
beforeEach(() => {
  const folder = temporaryFolder();
  vi.stubEnv("COPE_HOME", join(folder, "home"));
  onTestFinished(() => void vi.unstubAllEnvs());
  path = join(folder, "own.gguf");
  writeFileSync(path, weights("one"));
});

const opened: [string, () => Promise<ChatHandle>][] = [
  ["a model by its path", () => openLlama(path)],
  ["an instance", () => given(new ChatLlama({ model: path }))],
];

it.each(opened)("%s refuses to answer by weights that were put in its own ones' place", async (_, open) => {
  const { identity, ask, embed } = await open();
  writeFileSync(`${path}.new`, weights("two"));
  renameSync(`${path}.new`, path);
  const sampling = { temperature: 0, maxTokens: 1, seed: 0 };
  const signal = new AbortController().signal;
  const error = { code: "MODEL_FILE_INVALID", message: expect.stringContaining("own.gguf were replaced") };
  await expect(ask([{ role: "user", content: "?" }], sampling, signal)).rejects.toMatchObject(error);
  await expect(embed!("?", signal)).rejects.toMatchObject(error);
  expect((await open()).identity.digest).not.toBe(identity.digest);
});

it.each(opened)("%s says with a code that its weights are gone", async (_, open) => {
  const { ask } = await open();
  rmSync(path);
  const sampling = { temperature: 0, maxTokens: 1, seed: 0 };
  const asked = ask([{ role: "user", content: "?" }], sampling, new AbortController().signal);
  await expect(asked).rejects.toMatchObject({ code: "FILE_NOT_FOUND", message: expect.stringContaining(path) });
});

it("is another model where one piece of several is another", async () => {
  const FACTS = { "general.architecture": "llama", "split.count": 2 };
  const piece = (index: number) => path.replace("own", `own-0000${index + 1}-of-00002`);
  for (const index of [0, 1]) writeFileSync(piece(index), ggufFile({ ...FACTS, "split.no": index }, [1000]));
  const { identity } = await openLlama(piece(0));
  expect((await openLlama(piece(0))).identity).toEqual(identity);
  writeFileSync(piece(1), ggufFile({ ...FACTS, "split.no": 1 }, [2000]));
  expect((await openLlama(piece(0))).identity.digest).not.toBe(identity.digest);
});
