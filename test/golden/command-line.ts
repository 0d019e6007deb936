import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { onTestFinished, vi } from "vitest";
import { KEY } from "../support/cli.js";
import { temporaryFolder } from "../support/folder.js";
import { startOpenAiServer } from "../support/openai-server.js";
import { run } from "./seams.js";
import { served } from "./v0.2/models.js";

/** Where the files are that version 0.2.0 wrote. */
export const WRITTEN = join(import.meta.dirname, "v0.2");

/** A copy of what version 0.2.0 wrote, to be read and written on. */
export function written(name: string): string {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, gunzipSync(readFileSync(join(WRITTEN, `${name}.gz`))));
  return file;
}

/** What its commands printed, by name. */
export const documents = JSON.parse(readFileSync(join(WRITTEN, "documents.json"), "utf8")) as Record<string, any>;

/** What scripts of users read no longer stands in what a command prints. */
export const PRINTED =
  "documents.json holds what version 0.2.0 printed, and scripts read it: keep the field, or say in CHANGELOG.md that it is gone and leave it out of the comparison here";

/** How a command line ended, and what it printed. */
export interface Ended {
  exit: number;
  out: string;
  said: string;
}

/** Gives this process an environment of its own until the test ends: no key but the test's, no colour, no folder of this machine's user. */
export function ownEnvironment(home: string, env: Readonly<Record<string, string>> = {}): void {
  const none = ["npm_command", "npm_lifecycle_event", "FORCE_COLOR", "COPE_DEBUG", "COPE_MIRROR", "XDG_CACHE_HOME"];
  for (const name of none) vi.stubEnv(name, undefined);
  const own = { COPE_HOME: home, HOME: home, NO_COLOR: "1", OLLAMA_BASE_URL: "http://127.0.0.1:9" };
  for (const [name, value] of Object.entries({ ...own, ...env })) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
}

/** Catches what is printed meanwhile. */
export async function caught(work: () => number | Promise<number>): Promise<Ended> {
  const [out, said] = [[], []] as string[][];
  const spies = [
    vi.spyOn(process.stdout, "write").mockImplementation((text) => out!.push(String(text)) > 0),
    vi.spyOn(process.stderr, "write").mockImplementation((text) => said!.push(String(text)) > 0),
  ];
  try {
    return { exit: await work(), out: out!.join(""), said: said!.join("") };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** Runs `cope` in this process, with no key and no server. */
export function offline(home = temporaryFolder(), env: Readonly<Record<string, string>> = {}) {
  for (const name of ["OPENAI_BASE_URL", "OPENAI_API_KEY"]) vi.stubEnv(name, undefined);
  ownEnvironment(home, env);
  const end = (...args: string[]) => caught(() => run(args));
  const cope = async (...args: string[]): Promise<any> => {
    const { exit, out, said } = await end(...args, "--json");
    // A command that is not content with what it found prints its document all the same.
    if (out === "") throw new Error(`cope ${args.join(" ")} ended with ${exit}: ${said}`);
    return JSON.parse(out) as unknown;
  };
  return { cope, end, home };
}

/** The same against a server that counts. */
export async function commandLine(handler: Parameters<typeof startOpenAiServer>[0] = served) {
  const server = await startOpenAiServer(handler);
  onTestFinished(() => server.close());
  return { ...offline(temporaryFolder(), { OPENAI_BASE_URL: server.url, OPENAI_API_KEY: KEY }), server };
}
