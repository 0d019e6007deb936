import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, vi } from "vitest";
import { LARGE, SMALL } from "./cascade-server.js";
import { buildCopy, cope, startScript, type Build, type CliEnd, type RunOptions, type Running } from "./cli.js";
import { startOpenAiServer, type OpenAiServer } from "./openai-server.js";

/** The two models as flags; both are asked at the local server. */
export const PAIR = ["--small", `openai:${SMALL}`, "--large", `openai:${LARGE}`];

/** The same for questions that only look like mathematics. */
export const MODELS = [...PAIR, "--family", "math"];

/** All bytes of all files under a folder. */
export function bytesUnder(folder: string): Buffer {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Buffer.concat(files.map((file) => readFileSync(join(file.parentPath, file.name))));
}

/** What a file of tests of the command line works with. */
export interface CliSuite {
  build: Build;
  /** A fresh folder to be a child's home. */
  home(): string;
  /** Runs `cope` to its end. */
  run(args: readonly string[], options: RunOptions): Promise<CliEnd>;
  /** A server for these tests. */
  serve(handler: Parameters<typeof startOpenAiServer>[0]): Promise<OpenAiServer>;
  /** Starts `cope`. */
  start(args: readonly string[], options: RunOptions): Running;
}

/** Builds `cope` before the tests of a file, and removes all that they leave after them. */
export function cliSuite(): CliSuite {
  // One process takes a second on an idle machine, and some tests start a dozen.
  vi.setConfig({ testTimeout: 120_000 });
  let root = "";
  let homes = 0;
  const servers: OpenAiServer[] = [];
  const suite = {
    home() {
      const home = join(root, `home-${homes++}`);
      mkdirSync(home);
      return home;
    },
    async serve(handler) {
      const server = await startOpenAiServer(handler);
      servers.push(server);
      return server;
    },
    run: (args, options) => cope(suite.build, args, options),
    start: (args, options) => startScript(suite.build.cli, args, options),
  } as CliSuite;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "cope-cli-"));
    suite.build = buildCopy();
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.close()));
    suite.build.remove();
    rmSync(root, { recursive: true, force: true });
  });
  return suite;
}
