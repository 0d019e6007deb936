import { expect, test } from "vitest";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { cliSuite, MODELS } from "../support/cli-suite.js";

const cli = cliSuite();

/** Tells the address of every module that is loaded, on stderr. */
const SPY = `
import { registerHooks } from "node:module";
import { writeSync } from "node:fs";
registerHooks({ load(url, context, next) { writeSync(2, "loads " + url + "\\n"); return next(url, context); } });
`;

/** What takes long to load: frameworks, schemas, engines, and the parts of this project that need them. */
const HEAVY =
  /node_modules\/(@langchain|langchain|zod|node-llama-cpp|openai|ollama|@cortex-js|tinypool|@pydantic)|src\/(graph|nodes|state|families|checkpoint)\//;

async function loadedBy(args: string[]): Promise<string[]> {
  const home = cli.home();
  writeFileSync(join(home, "spy.mjs"), SPY);
  const { stderr } = await cli.run(args, { home, node: ["--import", join(home, "spy.mjs")] });
  return [...stderr.matchAll(/^loads (.*)$/gm)].map((match) => match[1]!);
}

test("help and version load nothing heavy", async () => {
  const runs = await Promise.all(
    [["--help"], ["--version"], ["solve", "--help"], ["models", "--help"], ["tape", "--help"]].map(loadedBy),
  );
  for (const modules of runs) {
    expect(modules.some((url) => url.endsWith("/cli/program.js"))).toBe(true);
    expect(modules.filter((url) => HEAVY.test(url))).toEqual([]);
  }
});

test("the spy does see what a run loads", async () => {
  const modules = await loadedBy(["solve", "x", ...MODELS]);
  for (const part of ["@langchain/langgraph", "@langchain/core", "zod", "src/graph"]) {
    expect(modules.filter((url) => HEAVY.test(url) && url.includes(`/${part}/`)).length).toBeGreaterThan(0);
  }
});
