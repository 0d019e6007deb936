import { createHash } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cliSuite } from "../support/cli-suite.js";
import { ggufFile } from "../models/llama/gguf-file.js";

const cli = cliSuite();
const NAME = "hf:someone/Tiny-GGUF/tiny.gguf";
const FILE = ggufFile({ "general.architecture": "llama", "general.name": "Ti\x1b[2Jny" }, [1000]);

/** A home with a mirror that holds one model. */
function mirrored() {
  const home = cli.home();
  const folder = join(home, "stick", "hf", "someone", "Tiny-GGUF");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "tiny.gguf"), FILE);
  writeFileSync(join(folder, "tiny.gguf.sha256"), `${createHash("sha256").update(FILE).digest("hex")}  tiny.gguf\n`);
  const env = { HF_ENDPOINT: "http://127.0.0.1:9", OLLAMA_MODELS: join(home, "none") };
  return { home, mirror: join(home, "stick"), run: (...args: string[]) => cli.run(["models", ...args], { home, env }) };
}

test("models pull: from a mirror into the cache, listed, found and removed; in a pipe plain lines", async () => {
  const { mirror, run } = mirrored();
  const pulled = await run("pull", NAME, "--mirror", mirror);
  expect(pulled.code).toBe(0);
  const [, path = ""] = /^hf:\S+ (\S+)\n$/.exec(pulled.stdout) ?? [];
  expect(existsSync(path)).toBe(true);
  expect(pulled.stderr).toMatch(/^(hf:\S+: \d+ of \d+ MB \(\d+ %\) from a mirror\n)+$/);
  const listed = await run("list");
  expect(listed.stdout).toContain(`✓ ${NAME}`);
  expect(listed.stdout).not.toContain("\x1b");
  expect((await run("path", NAME)).stdout).toBe(`${path}\n`);
  expect((await run("rm", NAME)).stdout).toBe(`${NAME} is deleted\n`);
  expect(existsSync(path)).toBe(false);
});

test("models pull --json: one document and nothing else, also when it fails", async () => {
  const { mirror, run } = mirrored();
  const [pulled, failed] = await Promise.all([
    run("pull", NAME, "--mirror", mirror, "--json"),
    run("pull", "hf:someone/Tiny-GGUF/other.gguf", "--mirror", mirror, "--json"),
  ]);
  expect(JSON.parse(pulled.stdout)).toMatchObject([{ name: NAME }]);
  expect(pulled.stderr).toBe("");
  expect(failed).toMatchObject({ code: 1, stdout: "" });
  const error = JSON.parse(failed.stderr) as { code: string; message: string };
  expect(error.code).toBe("PULL_FAILED");
  expect(error.message).toMatch(/Mirror: there is no .*other\.gguf.* Model hub: 127\.0\.0\.1:9/);
});

test("models pull: what is used where it lies, and what nobody knows, is a usage error", async () => {
  const { run } = mirrored();
  const [path, ollama, name] = await Promise.all([
    run("pull", "./my.gguf"),
    run("pull", "ollama/tiny"),
    run("pull", "no-such-model"),
  ]);
  for (const end of [path, ollama, name]) expect(end).toMatchObject({ code: 2, stdout: "" });
  expect(ollama.stderr).toContain("ollama pull tiny");
  expect(name.stderr).toMatch(/^\[MODEL_UNKNOWN\] .*hf:OWNER/);
});
