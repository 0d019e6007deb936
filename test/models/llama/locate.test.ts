import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { cacheDir, stateDir } from "../../../src/home.js";
import { sha256 } from "./hub-server.js";
import { digestOf } from "../../../src/models/llama/digest.js";
import { locate } from "../../../src/models/llama/locate.js";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "cope-locate-"));
  vi.stubEnv("COPE_HOME", home);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

const codeOf = (spec: string) => {
  try {
    return locate(spec);
  } catch (error) {
    return error;
  }
};

it("finds a pulled catalog model by name", () => {
  mkdirSync(cacheDir());
  const path = join(cacheDir(), "smollm2-135m-instruct.gguf");
  writeFileSync(path, `GGUF\x03${"\0".repeat(2000)}`);
  expect(locate("smollm2-135m-instruct")).toBe(path);
});

it("says how to pull a catalog model that is not there", () => {
  expect(codeOf("smollm2-135m-instruct")).toMatchObject({
    code: "MODEL_NOT_FOUND",
    remedy: "cope models pull smollm2-135m-instruct",
  });
});

it("names the catalog for an unknown name", () => {
  expect(codeOf("llama-9")).toMatchObject({ code: "MODEL_UNKNOWN", remedy: expect.stringMatching(/smollm2-135m/) });
});

it("refuses a path without a file, a file that is no GGUF, one of an unknown version, and one cut to nothing", () => {
  expect(codeOf(join(home, "absent.gguf"))).toMatchObject({ code: "FILE_NOT_FOUND" });
  expect(codeOf("~/absent-for-sure.gguf")).toMatchObject({ reason: expect.stringContaining(homedir()) });
  writeFileSync(join(home, "text.gguf"), "a letter ".repeat(1000));
  expect(codeOf(join(home, "text.gguf"))).toMatchObject({ code: "MODEL_FILE_INVALID" });
  writeFileSync(join(home, "old.gguf"), `GGUF${"x".repeat(2000)}`);
  expect(codeOf(join(home, "old.gguf"))).toMatchObject({ code: "MODEL_FILE_INVALID" });
  writeFileSync(join(home, "cut.gguf"), "GGUF");
  expect(codeOf(join(home, "cut.gguf"))).toMatchObject({ code: "MODEL_FILE_INVALID" });
});

it("hashes a file anew only when it changed", async () => {
  const path = join(home, "own.gguf");
  writeFileSync(path, "GGUF one");
  expect(await digestOf(path)).toBe(sha256(Buffer.from("GGUF one")));
  expect(await digestOf(path)).toBe(sha256(Buffer.from("GGUF one")));
  writeFileSync(path, "GGUF other");
  expect(await digestOf(path)).toBe(sha256(Buffer.from("GGUF other")));
});

it("keeps cache and state where the environment says", () => {
  expect(cacheDir({ COPE_HOME: "/a" })).toBe("/a/cache");
  expect(stateDir({ COPE_HOME: "/a", XDG_STATE_HOME: "/b" })).toBe("/a/state");
  expect(cacheDir({ XDG_CACHE_HOME: "/b" })).toBe("/b/langgraph-cope");
  expect(stateDir({ XDG_STATE_HOME: "" })).toBe(join(homedir(), ".local/state/langgraph-cope"));
});
