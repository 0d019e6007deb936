import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { fetchData } from "../../../src/evaluation/data/hub.js";
import { rowsServer } from "../../../src/evaluation/data/hub-rows.js";
import { KNOWN } from "../../../src/evaluation/data/known.js";
import { loadProblems } from "../../../src/evaluation/data/load.js";
import { serve, type Handler } from "../../models/llama/hub-server.js";
import { temporaryFolder } from "../../support/folder.js";
import { serveRows, type RowsServer } from "./rows-server.js";

const some = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => ({ question: `${from + i} + 1?`, answer: `so\n#### ${from + i + 1}` }));
const SOURCE = KNOWN.gsm8k.hub;
const QUICK = { waitMs: 1 };

async function rowsOf(server: RowsServer) {
  const hub = await serveRows(server);
  onTestFinished(() => hub.close());
  const folder = temporaryFolder();
  const path = join(folder, KNOWN.gsm8k.file);
  return {
    hub,
    folder,
    path,
    fetch: (options = {}) => fetchData(SOURCE, folder, { endpoint: hub.url, ...QUICK, ...options }),
    rows: () =>
      readFileSync(path, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as unknown),
    offsets: () => hub.seen.map((url) => Number(new URLSearchParams(url.split("?")[1]).get("offset"))),
  };
}

const status =
  (code: number, headers: Record<string, string> = {}): NonNullable<RowsServer["instead"]> =>
  (_count, _request, response) => {
    response.writeHead(code, headers).end('{"error":"no"}');
    return true;
  };
const cut: NonNullable<RowsServer["instead"]> = (_count, _request, response) => {
  response.writeHead(200, { "content-length": 1000 });
  response.write('{"rows":', () => response.destroy());
  return true;
};

describe("rows of the hub", () => {
  beforeEach(() => {
    vi.stubEnv("HF_TOKEN", "");
    return () => vi.unstubAllEnvs();
  });

  it("are written page by page, and asked for once", async () => {
    const told: number[][] = [];
    const set = await rowsOf({ splits: { test: some(250) } });
    await set.fetch({ onRows: (done: number, total: number) => told.push([done, total]) });
    expect(set.rows()).toEqual(some(250));
    expect(set.offsets()).toEqual([0, 100, 200]);
    expect(told).toEqual([
      [100, 250],
      [200, 250],
      [250, 250],
    ]);
    expect(set.hub.seen[0]).toBe("/rows?dataset=openai%2Fgsm8k&config=main&split=test&offset=0&length=100");
    await set.fetch();
    expect(set.hub.seen).toHaveLength(3);
  });

  it("of several splits come one after the other", async () => {
    const hub = await serveRows({ splits: { train: some(130), test: some(70, 130) } });
    onTestFinished(() => hub.close());
    const folder = temporaryFolder();
    await fetchData(KNOWN.svamp.hub, folder, { endpoint: hub.url });
    const lines = readFileSync(join(folder, KNOWN.svamp.file), "utf8").trim().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(some(200));
  });

  it("are asked for again where the server is busy, fails or breaks off", async () => {
    const ways = [status(429), cut, status(503), undefined, status(429)];
    const set = await rowsOf({
      splits: { test: some(150) },
      instead: (count, ...rest) => ways[count]?.(count, ...rest) ?? false,
    });
    await set.fetch();
    expect(set.rows()).toEqual(some(150));
    expect(set.offsets()).toEqual([0, 0, 0, 0, 100, 100]);
  });

  it("are waited for as long as the server asks", async () => {
    const busy = status(429, { "retry-after": "1" });
    const set = await rowsOf({
      splits: { test: some(1) },
      instead: (count, ...rest) => count === 0 && busy(count, ...rest),
    });
    const began = Date.now();
    await set.fetch();
    expect(Date.now() - began).toBeGreaterThanOrEqual(990);
  });

  it.each([
    [status(429), "RATE_LIMITED", 3],
    [status(500), "SERVER_FAILED", 3],
    [cut, "CONNECTION_LOST", 3],
    [status(404), "FILE_NOT_FOUND", 1],
    [status(401), "KEY_MISSING", 1],
    [status(422), "REQUEST_REJECTED", 1],
  ] as const)("end with a code and what to do without the hub", async (instead, code, asked) => {
    const set = await rowsOf({ splits: {}, instead });
    await expect(set.fetch({ attempts: 3 })).rejects.toMatchObject({
      code,
      remedy: expect.stringContaining("put the file at $COPE_DATA/gsm8k/test.jsonl"),
    });
    expect(set.hub.seen).toHaveLength(asked);
    expect(existsSync(set.path)).toBe(false);
  });

  it("are told at once to be out of reach where nobody listens", async () => {
    const set = await rowsOf({ splits: {} });
    await set.hub.close();
    await expect(set.fetch({ waitMs: 60_000 })).rejects.toMatchObject({ code: "NETWORK_UNREACHABLE" });
  });

  it("are gone on with behind the last whole page, also where earlier splits are complete", async () => {
    let broken = true;
    const hub = await serveRows({
      splits: { train: some(130), test: some(150, 130) },
      instead: (count, ...rest) => broken && count === 3 && status(404)(count, ...rest),
    });
    onTestFinished(() => hub.close());
    const folder = temporaryFolder();
    const fetchThem = () => fetchData(KNOWN.svamp.hub, folder, { endpoint: hub.url, ...QUICK });
    await expect(fetchThem()).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
    broken = false;
    await fetchThem();
    const lines = readFileSync(join(folder, KNOWN.svamp.file), "utf8").trim().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(some(280));
    // The one page behind the end of the first split tells its size.
    expect(hub.seen.slice(4).map((url) => /split=(\w+)&offset=(\d+)/.exec(url)!.slice(1).join(" "))).toEqual([
      "train 230",
      "test 100",
    ]);
  });

  it("begin anew where the data set has changed meanwhile, and end where it never stays", async () => {
    let revision = 1;
    const changing = (times: number) => ({
      splits: { test: some(150) },
      revision: () => `r${revision <= times ? revision++ : revision}`,
    });
    const once = await rowsOf(changing(1));
    await once.fetch();
    expect(once.rows()).toEqual(some(150));
    expect(once.offsets()).toEqual([0, 100, 0, 100]);
    revision = 1;
    const always = await rowsOf(changing(1000));
    await expect(always.fetch()).rejects.toThrow(/PULL_FAILED.*changes while it is read/);
  });

  it.each([
    ["is partial", (page) => void (page.partial = true), /holds only a part/],
    ["has cut cells", (page) => void (page.rows[0]!.truncated_cells = ["question"]), /cut question of row 0/],
    ["is empty", (page) => void (page.rows = []), /no row came after 0 of 5/],
    ["begins elsewhere", (page) => void page.rows.shift(), /other rows came/],
    ["is of another kind", (page) => void delete (page as Partial<typeof page>).num_rows_total, /no page of rows/],
  ] as [string, NonNullable<RowsServer["spoil"]>, RegExp][])(
    "never look whole where a page %s",
    async (_, spoil, message) => {
      const set = await rowsOf({ splits: { test: some(5) }, spoil });
      await expect(set.fetch()).rejects.toMatchObject({ code: "PULL_FAILED", message: expect.stringMatching(message) });
      expect(existsSync(set.path)).toBe(false);
    },
  );

  it("stop at once when aborted", async () => {
    const stop = new AbortController();
    const set = await rowsOf({
      splits: {},
      instead: (...args) => (setTimeout(() => stop.abort(new Error("enough")), 20), status(503)(...args)),
    });
    await expect(set.fetch({ signal: stop.signal, waitMs: 60_000 })).rejects.toThrow("enough");
  });

  it("are fetched once by two who ask at the same time", async () => {
    const set = await rowsOf({ splits: { test: some(150) } });
    await Promise.all([set.fetch(), set.fetch()]);
    expect(set.rows()).toEqual(some(150));
    expect(set.hub.seen).toHaveLength(2);
  });

  it("are shown the token, and asked from the sub-domain that goes with a hub", async () => {
    vi.stubEnv("HF_TOKEN", "hf_aaaaaaaaaaaa");
    let key: string | undefined;
    const set = await rowsOf({
      splits: { test: some(1) },
      instead: (_count, request) => ((key = request.headers.authorization), false),
    });
    await set.fetch();
    expect(key).toBe("Bearer hf_aaaaaaaaaaaa");
    expect(rowsServer("https://huggingface.co/")).toBe("https://datasets-server.huggingface.co");
    expect(rowsServer("http://127.0.0.1:80/x")).toBe("http://127.0.0.1/x");
  });
});

describe("files of the hub", () => {
  const line = `${JSON.stringify({ problem: "p", answer: "1", unique_id: "u" })}\n`;
  const file = async (handler: Handler) => {
    const hub = await serve(handler);
    onTestFinished(() => hub.close());
    const folder = temporaryFolder();
    return {
      hub,
      folder,
      fetch: (set: "math500" | "mt_bench" = "math500") =>
        fetchData(KNOWN[set].hub, folder, { endpoint: hub.url, ...QUICK }),
    };
  };

  it("are asked for again where the server is busy", async () => {
    const set = await file((_request, response, count) => {
      if (count === 0) response.writeHead(429).end();
      else response.writeHead(200, { "content-length": line.length }).end(line);
    });
    await set.fetch();
    expect(readFileSync(join(set.folder, "math500/test.jsonl"), "utf8")).toBe(line);
    expect(set.hub.seen).toEqual(Array(2).fill("/datasets/HuggingFaceH4/MATH-500/resolve/main/test.jsonl"));
  });

  it("that are not there are told, with what to do", async () => {
    const set = await file((_request, response) => void response.writeHead(404).end());
    await expect(set.fetch()).rejects.toMatchObject({
      code: "FILE_NOT_FOUND",
      remedy: expect.stringContaining("$COPE_DATA/math500/test.jsonl"),
    });
  });

  it("are told at once to be out of reach where nobody listens", async () => {
    const set = await file(() => undefined);
    await set.hub.close();
    await expect(set.fetch()).rejects.toMatchObject({
      code: "NETWORK_UNREACHABLE",
      remedy: expect.stringContaining("$COPE_DATA/math500/test.jsonl"),
    });
  });

  it("may lack their references", async () => {
    const question = `${JSON.stringify({ question_id: 81, category: "writing", turns: ["a", "b"] })}\n`;
    const set = await file((request, response) => {
      if (request.url!.includes("reference")) response.writeHead(404).end();
      else response.writeHead(200).end(question);
    });
    await set.fetch("mt_bench");
    expect(readFileSync(join(set.folder, "mt_bench/question.jsonl"), "utf8")).toBe(question);
  });
});

it("a known name that no folder has is downloaded into the cache, and read from there", async () => {
  const hub = await serveRows({ splits: { test: some(120) } });
  onTestFinished(() => hub.close());
  vi.stubEnv("COPE_HOME", temporaryFolder());
  vi.stubEnv("COPE_DATA", "");
  vi.stubEnv("HF_ENDPOINT", hub.url);
  onTestFinished(() => void vi.unstubAllEnvs());
  const first = await loadProblems("gsm8k");
  const second = await loadProblems("gsm8k");
  expect(first.problems).toHaveLength(120);
  expect(second).toEqual(first);
  expect(hub.seen).toHaveLength(2);
});
