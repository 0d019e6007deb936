import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LARGE, SMALL, startScatteredServer } from "../support/cascade-server.js";
import { buildCopy, cope, startScript, type Build } from "../support/cli.js";
import { temporaryFolder } from "../support/folder.js";
import type { OpenAiServer } from "../support/openai-server.js";
import { found, inputIsSaved } from "./kill-case.js";

let build: Build;
let server: OpenAiServer;

beforeAll(async () => {
  build = buildCopy();
  server = await startScatteredServer({ least: 1, most: 2 });
});

afterAll(async () => {
  build.remove();
  await server.close();
});

const MODELS = ["--small", `openai:${SMALL}`, "--large", `openai:${LARGE}`, "--family", "math"];

/** Starts a run and kills it as soon as `due`; gives up after some tries in which the input's checkpoint was faster. */
async function killEarly(due: (file: string) => boolean): Promise<{ home: string; saved: string[] }> {
  for (let attempt = 0; attempt < 10; attempt++) {
    const home = temporaryFolder();
    const file = join(home, "threads.sqlite");
    const saved = ["--thread", "early", "--checkpoint", file];
    const { child, ended } = startScript(build.cli, ["solve", "How many?", ...MODELS, ...saved], {
      home,
      url: server.url,
    });
    while (!due(file) && child.exitCode === null) await sleep(0);
    child.kill("SIGKILL");
    await ended;
    if (!inputIsSaved(file, "early")) return { home, saved };
  }
  throw new Error("the input's checkpoint was always there before the kill");
}

test.each([
  ["as soon as the file has its tables", "SELECT 1 FROM sqlite_schema WHERE name = 'checkpoints'"],
  ["as soon as the thread's options are noted", "SELECT 1 FROM runs WHERE thread = 'early'"],
])(
  "killed before the input's checkpoint, %s: exit 2, nothing saved, and the thread is free for a question",
  async (_, query) => {
    const { home, saved } = await killEarly((file) => found(file, query));
    const options = { home, url: server.url };
    const asked = server.requests.length;

    const { code, stdout, stderr } = await cope(build, ["solve", ...saved, "--json"], options);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(JSON.parse(stderr)).toMatchObject({
      code: "THREAD_UNKNOWN",
      message: expect.stringContaining("nothing saved"),
    });
    expect(server.requests.length).toBe(asked);

    const again = await cope(build, ["solve", "How many?", ...MODELS, ...saved, "--json"], options);
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ thread: "early", answer: { value: expect.any(String) } });
  },
  60_000,
);
