import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { parseHf } from "../../../src/models/llama/hf.js";
import { listOthers, removeModel } from "../../../src/models/llama/library.js";
import { locate } from "../../../src/models/llama/locate.js";
import { pull, type PullOptions } from "../../../src/models/llama/pull.js";
import { ggufFile } from "./gguf-file.js";
import { serve, sha256, type Hub } from "./hub-server.js";

const FACTS = { "general.architecture": "llama", "general.name": "Tiny", "tokenizer.chat_template": "{{ x }}" };
const WHOLE = ggufFile({ ...FACTS, "llama.context_length": 512 }, [1000]);
const PIECES = [0, 1].map((index) => ggufFile({ ...FACTS, "split.no": index, "split.count": 2 }, [1000 + index]));
const FILES: Record<string, Buffer> = {
  "tiny.Q4_K_M.gguf": WHOLE,
  "Q8_0/tiny-00001-of-00002.gguf": PIECES[0]!,
  "Q8_0/tiny-00002-of-00002.gguf": PIECES[1]!,
};
const TAGS: Record<string, string> = {
  latest: "tiny.Q4_K_M.gguf",
  Q4_K_M: "tiny.Q4_K_M.gguf",
  Q8_0: "Q8_0/tiny-00001-of-00002.gguf",
  EVIL: "../../../evil.gguf",
};
const TOKEN = "hf_testtoken0123456789";

let home: string;
let hub: Hub;
let content: Hub;
let tokens: { hub: (string | undefined)[]; content: (string | undefined)[] };
let guarded: boolean;

/** Answers as the hub does: a manifest to llama.cpp, and a redirect to another server with size and checksum. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  tokens.hub.push(request.headers.authorization);
  if (guarded && request.headers.authorization !== `Bearer ${TOKEN}`) return void response.writeHead(401).end();
  const tag = /^\/v2\/someone\/Tiny-GGUF\/manifests\/(\w+)$/.exec(request.url ?? "")?.[1];
  if (tag) {
    const rfilename = request.headers["user-agent"] === "llama-cpp" ? TAGS[tag] : undefined;
    return void (rfilename ? response.end(JSON.stringify({ ggufFile: { rfilename } })) : response.writeHead(404).end());
  }
  const file =
    FILES[decodeURIComponent(/\/someone\/Tiny-GGUF\/resolve\/main\/(.*)$/.exec(request.url ?? "")?.[1] ?? "")];
  if (!file) return void response.writeHead(404).end();
  const name = Object.keys(FILES).find((key) => FILES[key] === file)!;
  response
    .writeHead(302, {
      location: `${content.url}/${name}`,
      "x-linked-etag": `"${sha256(file)}"`,
      "x-linked-size": String(file.length),
    })
    .end();
}

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "cope-hf-"));
  vi.stubEnv("COPE_HOME", home);
  vi.stubEnv("OLLAMA_MODELS", join(home, "no-ollama"));
  vi.stubEnv("HF_TOKEN", "");
  tokens = { hub: [], content: [] };
  guarded = false;
  content = await serve((request, response) => {
    tokens.content.push(request.headers.authorization);
    const file = FILES[request.url!.slice(1)]!;
    response.writeHead(200, { "content-length": file.length }).end(file);
  });
  hub = await serve(answer);
});
afterEach(async () => {
  await Promise.all([hub.close(), content.close()]);
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

const pullHf = (name: string, options: PullOptions = {}) =>
  pull(name, { hubEndpoint: hub.url, onNotice: () => {}, ...options });
const errorOf = (work: () => unknown) => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

it("pulls a file by quantisation, which then has that name, the file's name, and no need of the hub", async () => {
  const name = "hf:someone/Tiny-GGUF:Q4_K_M";
  expect(errorOf(() => locate(name))).toMatchObject({ code: "MODEL_NOT_FOUND", remedy: `cope models pull ${name}` });
  const path = await pullHf(name);
  expect(readFileSync(path)).toEqual(WHOLE);
  expect(locate(name)).toBe(path);
  expect(locate("hf:someone/Tiny-GGUF:q4_k_m")).toBe(path);
  expect(locate("hf:someone/Tiny-GGUF/tiny.Q4_K_M.gguf")).toBe(path);
  const asked = hub.seen.length;
  await pullHf(name);
  expect(hub.seen).toHaveLength(asked);
  expect(await pullHf("hf:someone/Tiny-GGUF")).toBe(path);
});

it("pulls all pieces of a split model, and lists and forgets it as one", async () => {
  const name = "hf:someone/Tiny-GGUF:Q8_0";
  const path = await pullHf(name);
  expect(locate(name)).toBe(path);
  expect(path).toMatch(/tiny-00001-of-00002\.gguf$/);
  const bytes = PIECES[0]!.length + PIECES[1]!.length;
  const listed = "hf:someone/Tiny-GGUF/Q8_0/tiny-00001-of-00002.gguf";
  expect(listOthers()).toMatchObject([
    { name: listed, bytes, present: true, path, description: "Tiny, pulled from the model hub" },
  ]);
  expect(removeModel(listed)).toBe(true);
  expect(listOthers()).toEqual([]);
  expect(readdirSync(join(home, "cache", "hf", "someone", "Tiny-GGUF", "Q8_0"))).toEqual([]);
  expect(errorOf(() => locate(name))).toMatchObject({ code: "MODEL_NOT_FOUND" });
});

it("sends HF_TOKEN to the hub alone, and never tells it", async () => {
  guarded = true;
  await expect(pullHf("hf:someone/Tiny-GGUF:Q4_K_M")).rejects.toMatchObject({ code: "KEY_MISSING" });
  vi.stubEnv("HF_TOKEN", "hf_wrongtoken0123456789");
  const refused = (await pullHf("hf:someone/Tiny-GGUF:Q4_K_M").catch((error: unknown) => error)) as Error;
  expect(refused).toMatchObject({ code: "AUTH_REJECTED" });
  expect(refused.message).not.toContain("hf_wrongtoken");
  vi.stubEnv("HF_TOKEN", TOKEN);
  const path = await pullHf("hf:someone/Tiny-GGUF:Q4_K_M");
  expect(tokens.hub.at(-1)).toBe(`Bearer ${TOKEN}`);
  expect(tokens.content).toEqual([undefined]);
  expect(readFileSync(`${path}.sha256`, { encoding: "utf8", flag: "a+" })).not.toContain(TOKEN);
});

it("fills a mirror by quantisation, from which others pull it without the hub", async () => {
  const mirror = join(home, "mirror");
  await pullHf("hf:someone/Tiny-GGUF:Q8_0", { to: mirror });
  const asked = hub.seen.length;
  const path = await pullHf("hf:someone/Tiny-GGUF:Q8_0", { mirror });
  expect(hub.seen).toHaveLength(asked);
  expect(locate("hf:someone/Tiny-GGUF:Q8_0")).toBe(path);
  rmSync(join(home, "cache"), { recursive: true });
  rmSync(join(mirror, "hf/someone/Tiny-GGUF/Q8_0/tiny-00001-of-00002.gguf.sha256"));
  await hub.close();
  await expect(pullHf("hf:someone/Tiny-GGUF:Q8_0", { mirror })).rejects.toMatchObject({
    reason: expect.stringMatching(/there is no .*\.sha256/),
  });
});

it("names what the hub does not have, and lets no answer lead out of the cache", async () => {
  const unknown = pullHf("hf:someone/Tiny-GGUF:Q2_K");
  await expect(unknown).rejects.toMatchObject({ code: "MODEL_UNKNOWN", reason: expect.stringContaining("Q2_K") });
  await expect(pullHf("hf:someone/Tiny-GGUF:EVIL")).rejects.toMatchObject({ code: "MODEL_UNKNOWN" });
  const absent = pullHf("hf:someone/Tiny-GGUF/none.gguf");
  await expect(absent).rejects.toMatchObject({
    code: "PULL_FAILED",
    remedy: expect.stringContaining("check the name"),
  });
  expect(existsSync(join(home, "cache", "evil.gguf"))).toBe(false);
});

it("reads names as llama.cpp writes them, and refuses others", () => {
  expect(parseHf("hf:a/b:Q4_0")).toEqual({ repo: "a/b", tag: "Q4_0" });
  expect(parseHf("hf:a/b")).toEqual({ repo: "a/b", tag: "latest" });
  expect(parseHf("hf://a/b/c/d.gguf#v1")).toEqual({ repo: "a/b", file: "c/d.gguf", revision: "v1" });
  for (const name of [
    "hf:",
    "hf:a",
    "hf:a/",
    "hf:a/b:",
    "hf:../b/c.gguf",
    "hf:a/b/../c.gguf",
    "hf:a/b/c.bin",
    "hf:a/b:c:d",
  ]) {
    expect(errorOf(() => parseHf(name))).toMatchObject({ code: "MODEL_UNKNOWN" });
  }
});
