import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { pull, type PullOptions } from "../../../src/models/llama/pull.js";
import { CONTENT, entry, redirecting, sendAll, serve, sha256, type Hub } from "./hub-server.js";

let home: string;
let mirror: string;
let hub: Hub | undefined;
let notices: string[];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "cope-mirror-"));
  mirror = join(home, "mirror");
  mkdirSync(mirror);
  notices = [];
  vi.stubEnv("COPE_HOME", home);
});
afterEach(async () => {
  await hub?.close();
  hub = undefined;
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

const target = () => join(home, "cache", "tiny.gguf");
const pullTiny = (options: PullOptions = {}) =>
  pull("tiny", {
    catalog: [entry()],
    hubEndpoint: hub?.url ?? "http://127.0.0.1:9",
    python: join(home, "no-python"),
    onNotice: (line) => notices.push(line),
    ...options,
  });

it("fills a folder, from which others pull without a network", async () => {
  hub = await serve(redirecting(sendAll));
  expect(await pullTiny({ to: mirror })).toBe(join(mirror, "tiny.gguf"));
  expect(readFileSync(join(mirror, "tiny.gguf.sha256"), "utf8")).toBe(`${sha256(CONTENT)}  tiny.gguf\n`);
  expect(readdirSync(mirror).toSorted()).toEqual(["tiny.gguf", "tiny.gguf.sha256"]);
  expect(existsSync(target())).toBe(false);
  await hub.close();
  hub = undefined;
  const progress: string[] = [];
  await pullTiny({ mirror, onProgress: ({ source }) => progress.push(source) });
  expect(readFileSync(target())).toEqual(CONTENT);
  expect(new Set(progress)).toEqual(new Set(["mirror"]));
  expect(notices).toEqual([]);
});

it("fills a folder from the cache, when it is there, and asks nobody for what the folder has", async () => {
  hub = await serve(redirecting(sendAll));
  await pullTiny();
  const asked = hub.seen.length;
  await pullTiny({ to: mirror });
  rmSync(target());
  await pullTiny({ to: mirror });
  expect(hub.seen).toHaveLength(asked);
  expect(readFileSync(join(mirror, "tiny.gguf"))).toEqual(CONTENT);
});

it("reads the folder from COPE_MIRROR; a catalog model needs no checksum beside it", async () => {
  writeFileSync(join(mirror, "tiny.gguf"), CONTENT);
  vi.stubEnv("COPE_MIRROR", mirror);
  await pullTiny();
  expect(readFileSync(target())).toEqual(CONTENT);
});

it("holds a mirror to the catalog's checksum, whatever the mirror states, and asks the next source", async () => {
  const other = Buffer.from(CONTENT).fill("x", 4, 100);
  writeFileSync(join(mirror, "tiny.gguf"), other);
  writeFileSync(join(mirror, "tiny.gguf.sha256"), `${sha256(other)}  tiny.gguf\n`);
  await expect(pullTiny({ mirror })).rejects.toMatchObject({ code: "CHECKSUM_MISMATCH" });
  expect(existsSync(target())).toBe(false);
  hub = await serve(redirecting(sendAll));
  await pullTiny({ mirror });
  expect(readFileSync(target())).toEqual(CONTENT);
  expect(notices.at(-1)).toMatch(/^The mirror failed: .* Fetching from the model hub/);
});

it("takes a web address for a mirror, whose password goes to it and nowhere else", async () => {
  const seen: (string | undefined)[] = [];
  hub = await serve((request, response) => {
    seen.push(request.headers.authorization);
    if (request.url === "/models/tiny.gguf") sendAll(request, response, 0);
    else response.writeHead(404).end();
  });
  const address = `${hub.url.replace("//", "//me:hidden-word@")}/models/`;
  await pullTiny({ mirror: address, hubEndpoint: "http://127.0.0.1:9" });
  expect(readFileSync(target())).toEqual(CONTENT);
  expect(new Set(seen)).toEqual(new Set([`Basic ${Buffer.from("me:hidden-word").toString("base64")}`]));
  expect(readFileSync(`${target()}.sha256`, "utf8")).not.toContain("hidden-word");
  rmSync(target());
  const error = (await pullTiny({ mirror: `${address}none` }).catch((caught: unknown) => caught)) as Error;
  expect(error.message).toContain(`${hub.url}/models/none/tiny.gguf`);
  expect(error.message + notices.join()).not.toContain("hidden-word");
});
