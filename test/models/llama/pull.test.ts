import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CatalogEntry } from "../../../src/models/llama/catalog.js";
import { listModels, removeModel } from "../../../src/models/llama/library.js";
import { digestOf } from "../../../src/models/llama/digest.js";
import { pull, type PullOptions } from "../../../src/models/llama/pull.js";
import { spawnPull } from "./spawn-pull.js";
import { CONTENT, entry, redirecting, sendAll, sendHalf, sendNothing, serve, sha256, type Hub } from "./hub-server.js";

let home: string;
let hub: Hub | undefined;
let notices: string[];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "cope-pull-"));
  vi.stubEnv("COPE_HOME", home);
  notices = [];
});
afterEach(async () => {
  await hub?.close();
  hub = undefined;
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

const target = () => join(home, "cache", "tiny.gguf");
const leftovers = () => readdirSync(join(home, "cache")).filter((name) => name.includes(".part"));
const pullTiny = (options: PullOptions = {}, changes: Partial<CatalogEntry> = {}) =>
  pull("tiny", {
    catalog: [entry(changes)],
    hubEndpoint: hub?.url ?? "http://127.0.0.1:9",
    onNotice: (line) => notices.push(line),
    ...options,
  });

describe("pulling from the hub", () => {
  it("follows redirects, checks the stated checksum and records it", async () => {
    hub = await serve(redirecting(sendAll));
    const progress: number[] = [];
    const path = await pullTiny({ onProgress: ({ bytes }) => progress.push(bytes) });
    expect(path).toBe(target());
    expect(readFileSync(path)).toEqual(CONTENT);
    expect(hub.seen[0]).toBe("/someone/tiny-GGUF/resolve/main/tiny.gguf");
    expect(JSON.parse(readFileSync(`${path}.sha256`, "utf8"))).toMatchObject({
      sha256: sha256(CONTENT),
      bytes: CONTENT.length,
      source: `${hub.url}/someone/tiny-GGUF/resolve/main/tiny.gguf`,
    });
    expect(progress.at(-1)).toBe(CONTENT.length);
    expect(notices).toEqual([]);
    expect(leftovers()).toEqual([]);
  });

  it("reads the endpoint of a mirror from HF_ENDPOINT", async () => {
    hub = await serve(redirecting(sendAll));
    vi.stubEnv("HF_ENDPOINT", `${hub.url}/`);
    await pullTiny({ hubEndpoint: undefined });
    expect(hub.seen).toHaveLength(2);
  });

  it("asks nobody when the verified file is there", async () => {
    hub = await serve(redirecting(sendAll));
    await pullTiny();
    await pullTiny();
    expect(hub.seen).toHaveLength(2);
  });

  it("fetches again when the file was changed since", async () => {
    hub = await serve(redirecting(sendAll));
    await pullTiny();
    writeFileSync(target(), "GGUF, but cut");
    await pullTiny();
    expect(readFileSync(target())).toEqual(CONTENT);
  });

  it("accepts a file put there by hand when it is the catalog's own", async () => {
    mkdirSync(join(home, "cache"));
    writeFileSync(target(), CONTENT);
    expect(await pullTiny()).toBe(target());
  });

  it("takes up a cut connection where it broke off", async () => {
    const cutOnce = redirecting((request, response) =>
      (request.headers.range ? sendAll : sendHalf())(request, response, 0),
    );
    hub = await serve(cutOnce);
    await pullTiny();
    expect(readFileSync(target())).toEqual(CONTENT);
    expect(hub.seen.at(-1)).toMatch(/^\/content bytes=\d+-$/);
  });

  it("starts again when the server ignores the range", async () => {
    let sent = 0;
    const deaf = redirecting((_request, response) => {
      sent += 1;
      response.writeHead(200, { "content-length": CONTENT.length });
      if (sent > 1) response.end(CONTENT);
      else response.write(CONTENT.subarray(0, 1000), () => response.destroy());
    });
    hub = await serve(deaf);
    await pullTiny();
    expect(readFileSync(target())).toEqual(CONTENT);
  });

  it("verifies against the catalog when the hub states no checksum", async () => {
    hub = await serve((_request, response) => response.end(Buffer.from(CONTENT).fill("x", 100, 101)));
    await expect(pullTiny()).rejects.toMatchObject({ code: "CHECKSUM_MISMATCH" });
    expect(existsSync(target())).toBe(false);
  });
});

describe("when the hub fails", () => {
  const cases: [string, () => Promise<Hub | undefined>, string, RegExp][] = [
    ["never answers", () => serve(() => undefined), "NETWORK_UNREACHABLE", /no answer within 200 ms/],
    ["is not there", async () => undefined, "NETWORK_UNREACHABLE", /ECONNREFUSED|bad port|127\.0\.0\.1:9/],
    ["says 404", () => serve((_q, answer) => answer.writeHead(404).end()), "PULL_FAILED", /answered 404/],
    ["breaks off for good", () => serve(redirecting(sendNothing)), "PULL_FAILED", /broke off/],
    [
      "sends something else",
      () => serve(redirecting(sendAll, "0".repeat(64))),
      "CHECKSUM_MISMATCH",
      /expected was 0000/,
    ],
  ];
  it.each(cases)("names the reason when it %s", async (_title, start, code, reason) => {
    hub = await start();
    const error = await pullTiny({ hubTimeoutMs: 200 }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: "CopeError", code });
    expect((error as Error).message).toMatch(reason);
    expect(existsSync(target())).toBe(false);
    expect(leftovers()).toEqual([]);
  });
});

describe("what a pull leaves behind", () => {
  it("is a part when aborted in the middle, which rm deletes", async () => {
    hub = await serve(redirecting(sendHalf(true)));
    const stop = new AbortController();
    const reason = new Error("enough");
    const pulling = pullTiny({ signal: stop.signal, onProgress: () => stop.abort(reason) });
    await expect(pulling).rejects.toBe(reason);
    expect(existsSync(target())).toBe(false);
    expect(leftovers()).toEqual(["tiny.gguf.part", "tiny.gguf.part.json"]);
    expect(removeModel("tiny", [entry()])).toBe(true);
    expect(readdirSync(join(home, "cache"))).toEqual([]);
  });

  it("is a part when killed in the middle, which the next pull goes on with", async () => {
    hub = await serve(redirecting(sendHalf(true)));
    const child = spawnPull(home, hub.url);
    await child.progress;
    child.process.kill("SIGKILL");
    await child.ended;
    expect(existsSync(target())).toBe(false);
    const kept = statSync(`${target()}.part`).size;
    expect(kept).toBeGreaterThan(0);
    await hub.close();
    const port = Number(new URL(hub.url).port);
    hub = await serve(redirecting(sendAll), port);
    await pullTiny();
    expect(hub.seen).toContain(`/content bytes=${kept}-`);
    expect(leftovers()).toEqual([]);
    expect(readFileSync(target())).toEqual(CONTENT);
  });

  it("is one good file after two pulls at the same time", async () => {
    hub = await serve(redirecting(sendAll));
    const paths = await Promise.all([pullTiny(), pullTiny()]);
    expect(new Set(paths).size).toBe(1);
    expect(await digestOf(target())).toBe(sha256(CONTENT));
    expect(leftovers()).toEqual([]);
  });

  it("is nothing when the disk is too small", async () => {
    const error = pullTiny({}, { bytes: 1e18 });
    await expect(error).rejects.toMatchObject({ code: "DISK_FULL", remedy: expect.stringMatching(/COPE_HOME/) });
    expect(readdirSync(join(home, "cache"))).toEqual([]);
  });
});

describe("the library", () => {
  it("lists what is there and forgets it again", async () => {
    hub = await serve(redirecting(sendAll));
    const catalog = [entry()];
    expect(listModels(catalog)).toMatchObject([{ name: "tiny", present: false, bytes: CONTENT.length }]);
    await pullTiny();
    expect(listModels(catalog)).toMatchObject([{ present: true, path: target() }]);
    expect(removeModel("tiny", catalog)).toBe(true);
    expect(removeModel("tiny", catalog)).toBe(false);
    expect(readdirSync(join(home, "cache"))).toEqual([]);
  });

  it("knows no other names", async () => {
    await expect(pull("gpt-9")).rejects.toMatchObject({
      code: "MODEL_UNKNOWN",
      remedy: expect.stringMatching(/qwen2\.5/),
    });
  });
});
