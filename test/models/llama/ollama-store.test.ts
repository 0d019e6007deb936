import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { catalogEntry, weightsPath } from "../../../src/models/llama/catalog.js";
import { listOthers, removeModel } from "../../../src/models/llama/library.js";
import { locate } from "../../../src/models/llama/locate.js";
import { ollamaStore } from "../../../src/models/llama/ollama-store.js";
import { pull } from "../../../src/models/llama/pull.js";
import { needs } from "../../support/needs.js";
import { ggufFile } from "./gguf-file.js";
import { sha256 } from "./hub-server.js";

const real = weightsPath(catalogEntry("smollm2-135m-instruct"));
const REAL_SHA = catalogEntry("smollm2-135m-instruct").sha256;
const FILE = ggufFile({ "general.architecture": "llama", "general.name": "Tiny" }, [1000]);

let home: string;
let store: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "cope-ollama-"));
  store = join(home, "store");
  mkdirSync(join(store, "blobs"), { recursive: true });
  vi.stubEnv("COPE_HOME", home);
  vi.stubEnv("OLLAMA_MODELS", store);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

/** Enters a model into the store, as Ollama does. */
function manifest(path: string, digest: string, size = FILE.length): string {
  const file = join(store, "manifests", path);
  mkdirSync(dirname(file), { recursive: true });
  const layers = [
    { mediaType: "application/vnd.ollama.image.template", digest: `sha256:${"0".repeat(64)}`, size: 10 },
    { mediaType: "application/vnd.ollama.image.model", digest: `sha256:${digest}`, size },
  ];
  writeFileSync(file, JSON.stringify({ schemaVersion: 2, layers }));
  return join(store, "blobs", `sha256-${digest}`);
}
const blob = (path: string) => writeFileSync(path, FILE);
const errorOf = (work: () => unknown) => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

it("finds the weights of a model by name and tag, of the library, an owner or another registry", () => {
  const path = manifest("registry.ollama.ai/library/tiny/1b", sha256(FILE));
  blob(path);
  manifest("registry.ollama.ai/library/tiny/latest", sha256(FILE));
  manifest("registry.ollama.ai/someone/tiny/latest", sha256(FILE));
  manifest("hf.co/someone/Tiny-GGUF/Q4_0", sha256(FILE));
  const names = ["ollama/tiny", "ollama/tiny:1b", "ollama/someone/tiny", "ollama/hf.co/someone/Tiny-GGUF:Q4_0"];
  for (const name of names) expect(locate(name)).toBe(path);
  // What is found is found again by its own path.
  expect(locate(path)).toBe(path);
  const listed = listOthers();
  expect(listed.map(({ name }) => name)).toEqual([
    "ollama/hf.co/someone/Tiny-GGUF:Q4_0",
    "ollama/someone/tiny:latest",
    "ollama/tiny:1b",
    "ollama/tiny:latest",
  ]);
  expect(listed[0]).toMatchObject({ path, bytes: FILE.length, description: "Tiny, in Ollama's store" });
});

it("says what is missing, and lists only what can be used", () => {
  expect(errorOf(() => locate("ollama/tiny:1b"))).toMatchObject({
    code: "MODEL_NOT_FOUND",
    remedy: expect.stringContaining("ollama pull tiny:1b"),
  });
  const path = manifest("registry.ollama.ai/library/tiny/1b", sha256(FILE));
  expect(errorOf(() => locate("ollama/tiny:1b"))).toMatchObject({ code: "MODEL_FILE_INVALID" });
  writeFileSync(join(store, "manifests", "notes.txt"), "not a manifest");
  expect(listOthers()).toEqual([]);
  writeFileSync(path, FILE.subarray(0, 2000));
  expect(errorOf(() => locate("ollama/tiny:1b"))).toMatchObject({
    code: "MODEL_FILE_INVALID",
    remedy: "ollama pull tiny:1b",
  });
  for (const name of ["ollama/", "ollama/../../x", "ollama/a/b/c/d", "ollama/a:b:c", "ollama/a:.."]) {
    expect(errorOf(() => locate(name))).toMatchObject({ code: "MODEL_UNKNOWN" });
  }
});

it("is read only", async () => {
  expect(errorOf(() => removeModel("ollama/tiny"))).toMatchObject({
    code: "OPTIONS_INVALID",
    remedy: "ollama rm tiny",
  });
  await expect(pull("ollama/tiny")).rejects.toMatchObject({ remedy: "ollama pull tiny." });
});

it("is not there on most machines, which is no error", () => {
  vi.stubEnv("OLLAMA_MODELS", join(home, "none"));
  expect(listOthers()).toEqual([]);
  expect(ollamaStore({})).toMatch(/\.ollama.models$/);
});

it.skipIf(!needs("SmolLM2's weights", existsSync(real)))("gives real weights from where they lie", () => {
  const path = manifest("registry.ollama.ai/library/smollm2/135m", REAL_SHA, 98_362_432);
  symlinkSync(real, path);
  expect(locate("ollama/smollm2:135m")).toBe(path);
  expect(listOthers()).toMatchObject([{ contextLength: 8192, licence: "apache-2.0" }]);
});
