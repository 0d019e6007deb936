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
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { PartFile } from "../../../src/models/llama/part-file.js";
import { pull, type PullOptions } from "../../../src/models/llama/pull.js";
import { CONTENT, entry, redirecting, sendAll, sendHalf, serve, sha256, type Handler, type Hub } from "./hub-server.js";
import { spawnPull } from "./spawn-pull.js";

let home: string;
let hub: Hub | undefined;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "cope-resume-"));
  vi.stubEnv("COPE_HOME", home);
});
afterEach(async () => {
  await hub?.close();
  hub = undefined;
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

const target = () => join(home, "cache", "tiny.gguf");
const pullTiny = (options: PullOptions = {}) =>
  pull("tiny", {
    catalog: [entry()],
    hubEndpoint: hub?.url,
    python: join(home, "no-python"),
    onNotice: () => {},
    ...options,
  });
const portOf = ({ url }: Hub) => Number(new URL(url).port);

/** Pulls half of the content, then leaves the stage to another server under the same address. */
async function halfPulled(next: Handler, first: Handler = redirecting(sendHalf(true))): Promise<number> {
  hub = await serve(first);
  const stop = new AbortController();
  await pullTiny({ signal: stop.signal, onProgress: () => stop.abort() }).catch(() => undefined);
  await hub.close();
  hub = await serve(next, portOf(hub));
  return statSync(`${target()}.part`).size;
}

it("starts over when the hub has another content by now", async () => {
  const other = Buffer.from(CONTENT).fill("x", 4, 100);
  const kept = await halfPulled((request, response) => {
    const size = String(other.length);
    if (request.url === "/content") response.writeHead(200, { "content-length": size }).end(other);
    else
      response
        .writeHead(302, { location: "/content", "x-linked-etag": `"${sha256(other)}"`, "x-linked-size": size })
        .end();
  });
  expect(kept).toBeGreaterThan(0);
  await pullTiny();
  expect(readFileSync(target())).toEqual(other);
});

it("starts over when another content is served by range", async () => {
  const other = Buffer.concat([CONTENT, Buffer.from("more")]);
  const kept = await halfPulled((request, response) => {
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const rest = other.subarray(from);
    response.writeHead(from > 0 ? 206 : 200, { "content-length": rest.length, etag: `"${sha256(other)}"` }).end(rest);
  });
  await pullTiny();
  expect(readFileSync(target())).toEqual(other);
  expect(hub!.seen.map((line) => line.split(" ")[1])).toEqual([`bytes=${kept}-`, undefined]);
});

it("starts over when the server answers with another range than was asked for, or with none", async () => {
  await halfPulled(
    redirecting((request, response) => {
      if (!request.headers.range) return sendAll(request, response, 0);
      const headers = { "content-length": 10, "content-range": `bytes 0-9/${CONTENT.length}` };
      response.writeHead(206, headers).end(CONTENT.subarray(0, 10));
    }),
  );
  await pullTiny();
  expect(readFileSync(target())).toEqual(CONTENT);
  rmSync(target());
  await halfPulled(
    redirecting((request, response) =>
      request.headers.range ? void response.writeHead(416).end() : sendAll(request, response, 0),
    ),
  );
  await pullTiny();
  expect(readFileSync(target())).toEqual(CONTENT);
});

it("asks nobody for what was whole and only not named yet", async () => {
  const kept = await halfPulled(() => undefined);
  writeFileSync(`${target()}.part`, CONTENT);
  expect(kept).toBeLessThan(CONTENT.length);
  await pullTiny();
  expect(hub!.seen).toEqual([]);
  expect(readFileSync(target())).toEqual(CONTENT);
});

it("fetches the whole once more when what was kept is broken", async () => {
  await halfPulled(redirecting(sendAll));
  const part = await open(`${target()}.part`, "r+");
  await part.write(Buffer.alloc(100), 0, 100, 50);
  await part.close();
  await pullTiny();
  expect(readFileSync(target())).toEqual(CONTENT);
});

it("keeps what the hub gave when no other source has anything", async () => {
  const kept = await halfPulled((_request, response) => response.writeHead(503).end());
  await expect(pullTiny()).rejects.toMatchObject({ code: "PACKAGE_MISSING" });
  expect(statSync(`${target()}.part`).size).toBe(kept);
});

it("says what is needed and what is free before the first byte, and counts what is there already", async () => {
  const kept = await halfPulled(redirecting(sendAll));
  const missing = CONTENT.length - kept;
  await expect(pullTiny({ freeBytes: () => missing - 1 })).rejects.toMatchObject({
    code: "DISK_FULL",
    reason: expect.stringContaining(`(${missing} bytes needed, ${missing - 1} bytes free)`),
  });
  expect(hub!.seen).toEqual([]);
  await pullTiny({ freeBytes: () => missing });
  expect(readFileSync(target())).toEqual(CONTENT);
});

it("keeps what was written when the disk runs full in the middle", async () => {
  hub = await serve(redirecting(sendAll));
  const handle = await open(join(home, "any"), "w");
  const prototype = Object.getPrototypeOf(handle) as typeof handle;
  await handle.close();
  const write = prototype.write;
  let written = 0;
  vi.spyOn(prototype, "write").mockImplementation(function (this: typeof handle, ...args: unknown[]) {
    if (written > 0) throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
    written += 1;
    return Reflect.apply(write, this, args) as never;
  });
  await expect(pullTiny()).rejects.toMatchObject({ code: "DISK_FULL", remedy: expect.stringMatching(/pull again/) });
  vi.restoreAllMocks();
  const kept = statSync(`${target()}.part`).size;
  expect(kept).toBeGreaterThan(0);
  await pullTiny();
  expect(hub.seen.at(-1)).toBe(`/content bytes=${kept}-`);
  expect(readFileSync(target())).toEqual(CONTENT);
});

it("lets a second process wait for the first, and use its file", async () => {
  let finish = (): void => {};
  hub = await serve(
    redirecting((_request, response) => {
      response.writeHead(200, { "content-length": CONTENT.length });
      response.write(CONTENT.subarray(0, 1000));
      finish = () => response.end(CONTENT.subarray(1000));
    }),
  );
  const first = spawnPull(home, hub.url);
  await first.progress;
  const second = spawnPull(home, hub.url);
  await second.waiting;
  finish();
  const [one, two] = await Promise.all([first.ended, second.ended]);
  expect(one).toContain(`done ${target()}`);
  expect(two).toBe(
    `said Waiting for process ${first.process.pid} on ${(await import("node:os")).hostname()}, which is pulling tiny.\ndone ${target()}\n`,
  );
  expect(hub.seen.filter((path) => path === "/content")).toHaveLength(1);
  expect(readdirSync(join(home, "cache")).toSorted()).toEqual(["tiny.gguf", "tiny.gguf.sha256"]);
});

it("lets the process that waits go on where a killed one stopped", async () => {
  hub = await serve(
    redirecting((request, response) => (request.headers.range ? sendAll : sendHalf(true))(request, response, 0)),
  );
  const first = spawnPull(home, hub.url);
  await first.progress;
  const second = spawnPull(home, hub.url);
  await second.waiting;
  first.process.kill("SIGKILL");
  expect(await second.ended).toContain(`done ${target()}`);
  expect(hub.seen.at(-1)).toMatch(/^\/content bytes=\d+-$/);
  expect(readFileSync(target())).toEqual(CONTENT);
});

it("does not name a part whose content is not what was stated", async () => {
  mkdirSync(join(home, "cache"));
  const part = await PartFile.open(target());
  await part.from({ source: "a test" });
  await part.write(Buffer.from("some"));
  await expect(part.finish({ sha256: "0".repeat(64) }, "a test")).rejects.toMatchObject({ code: "CHECKSUM_MISMATCH" });
  expect(existsSync(target())).toBe(false);
  expect(readdirSync(join(home, "cache"))).toEqual([]);
});
