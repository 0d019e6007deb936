import { fork } from "node:child_process";
import { once } from "node:events";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { disposeEngines, withEngine, type Engine } from "../../../src/models/llama/engine.js";
import { temporaryFolder } from "../../support/folder.js";
import { seen } from "./fake-engine.js";

vi.mock("node-llama-cpp", async () => (await import("./fake-engine.js")).fakeEngine());

let path = "";
beforeEach(() => {
  path = join(temporaryFolder(), "own.gguf");
  writeFileSync(path, "one");
  Object.assign(seen, { loaded: [], freed: [], contexts: [], contextBytes: 0, whileLoading: () => {} });
});
afterEach(disposeEngines);

const same = async (engine: Engine) => engine.model;
const replace = (content: string) => {
  writeFileSync(`${path}.new`, content);
  renameSync(`${path}.new`, path);
};

it("loads weights once for calls with equal options, and once for all options", async () => {
  const models = await Promise.all([{}, {}, { contextSize: 512 }].map((options) => withEngine(path, options, same)));
  expect(new Set(models).size).toBe(1);
  expect(seen.loaded).toEqual([path]);
  expect(seen.contexts.map(({ contextSize }) => contextSize)).toEqual([4096, 512]);
});

it("loads anew what was put in the file's place, and lets a call under way end with what it began with", async () => {
  await withEngine(path, { idleMs: 1 }, async (before) => {
    replace("another");
    expect(await withEngine(path, {}, same)).not.toBe(before.model);
    expect(seen.loaded).toEqual([path, path]);
    expect(seen.freed).toEqual([]);
  });
  // The old weights go when they are idle, the new ones stay.
  await vi.waitFor(() => expect(seen.freed).toEqual([path]), 5000);
  expect(seen.loaded.length).toBe(2);
});

it("refuses weights that change while they are loaded, keeps nothing of them, and loads them the next time", async () => {
  seen.whileLoading = () => replace("another");
  await expect(withEngine(path, {}, same)).rejects.toMatchObject({ code: "MODEL_FILE_INVALID" });
  expect(seen.freed).toEqual([path]);
  seen.whileLoading = () => {};
  expect(await withEngine(path, {}, same)).toBeDefined();
});

it("keeps this process's flags from what the engine forks, and from nothing else", async () => {
  const script = `${path}.mjs`;
  writeFileSync(script, "process.exit(0);");
  const forked = async () => (await once(fork(script), "exit"))[0] as number;
  const own = process.execArgv;
  process.execArgv = ["--import", "data:text/javascript,process.exit(7)"];
  onTestFinished(() => void (process.execArgv = own));

  const codes: Promise<number>[] = [];
  const begin = Promise.withResolvers<void>();
  const beside = begin.promise.then(forked);
  seen.whileLoading = () => {
    begin.resolve();
    codes.push(forked());
  };
  await withEngine(path, {}, same);
  expect(await Promise.all(codes)).toEqual([0]);
  expect(await beside).toBe(7);
  expect(await forked()).toBe(7);
});

it("decodes one sequence on one thread when deterministic", async () => {
  await withEngine(path, { deterministic: true }, same);
  expect(seen.contexts).toMatchObject([{ sequences: 1, threads: 1 }]);
});

const MEGABYTE = 1_000_000;

/** Asks at once for two models of a megabyte each where 1.5 are free. @param limit - of the container, 0 for none. */
async function two(limit: number) {
  const other = `${path}.other`;
  for (const file of [path, other]) writeFileSync(file, Buffer.alloc(MEGABYTE));
  vi.spyOn(process, "availableMemory").mockReturnValue(1.5 * MEGABYTE);
  vi.spyOn(process, "constrainedMemory").mockReturnValue(limit);
  onTestFinished(() => void vi.restoreAllMocks());
  return Promise.allSettled([withEngine(path, {}, same), withEngine(other, {}, same)]);
}

// On a machine of its own Linux says the same whether or not the first one is mapped.
it.runIf(process.platform === "linux")("refuses a second model that has no room beside the first", async () => {
  const [first, second] = await two(0);
  expect(first.status).toBe("fulfilled");
  const message = expect.stringContaining("1 MB of weights and 0 MB of context, 0 MB are free");
  expect(second).toMatchObject({ reason: { code: "OPTIONS_INVALID", message } });
  expect(seen.loaded).toEqual([path]);
});

it("does not count the first model twice where a container's limit has counted it", async () => {
  expect((await two(3 * MEGABYTE)).map(({ status }) => status)).toEqual(["fulfilled", "fulfilled"]);
});
