import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { CopeError, type CopeErrorCode } from "../../src/index.js";
import { buildCopy, startScript } from "../support/cli.js";
import { temporaryFolder } from "../support/folder.js";
import { caught, ownEnvironment } from "./command-line.js";
import { readSurface } from "./exports.js";
import { golden } from "./golden.js";
import { EXIT, KEY_VARIABLES, parseFlags, printError } from "./seams.js";

const ROOT = resolve(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

/** The sources of each entry of the package. */
const ENTRIES = Object.fromEntries(
  Object.entries(
    (JSON.parse(read("package.json")) as { exports: Record<string, string | { default: string }> }).exports,
  )
    .filter(([entry]) => entry !== "./package.json")
    .map(([entry, to]) => [
      entry,
      (to as { default: string }).default.replace("./dist/", "src/").replace(/\.js$/, ".ts"),
    ]),
);

/** Tells the address of every module that is loaded, on stderr. */
const SPY = `
import { registerHooks } from "node:module";
import { writeSync } from "node:fs";
registerHooks({ load(url, context, next) { writeSync(2, "loads " + url + "\\n"); return next(url, context); } });
`;

const surface = readSurface(ROOT, ENTRIES);

describe("what programs call stays as it is", () => {
  it("the names that each entry exports, what each is, and its fields", async () => {
    expect(Object.keys(ENTRIES)).toEqual([".", "./environments", "./evaluation", "./integrations", "./testing"]);
    for (const [entry, exported] of Object.entries(surface.exports)) {
      const values = Object.entries(exported).filter(([, { is }]) => /class|function|value/.test(is));
      const loaded = (await import(join(ROOT, ENTRIES[entry]!))) as object;
      expect(Object.keys(loaded).toSorted()).toEqual(values.map(([name]) => name));
    }
    golden("exports", surface.exports);
  });

  it("the packages that each entry loads", () => {
    const { dependencies, peerDependencies } = JSON.parse(read("package.json")) as Record<string, object>;
    const known = new Set(Object.keys({ ...dependencies, ...peerDependencies }));
    for (const packages of Object.values(surface.loads))
      expect(packages.filter((name) => !name.startsWith("node:") && !known.has(name))).toEqual([]);
    golden("loads", surface.loads);
  });

  it("and loads nothing that takes long: no algebra, provider, database, engine or command line", async () => {
    const heavy =
      /^node:sqlite$|node_modules\/(?:@cortex-js|@langchain\/(?:openai|ollama|langgraph-checkpoint-\w+)|openai|ollama|commander|node-llama-cpp|better-sqlite3|pg|ajv|vega|tinypool|@jitl|quickjs-emscripten[\w-]*)\/|\/src\/cli\//;
    const build = buildCopy();
    onTestFinished(() => build.remove());
    const home = temporaryFolder();
    writeFileSync(join(home, "spy.mjs"), SPY);
    writeFileSync(join(home, "load.mjs"), `await import(${JSON.stringify(join(build.folder, "src/index.js"))});`);
    const run = startScript(join(home, "load.mjs"), [], { home, node: ["--import", join(home, "spy.mjs")] });
    const { code, stderr } = await run.ended;
    const loaded = [...stderr.matchAll(/^loads (.*)$/gm)].map(([, url]) => url!);
    expect(code).toBe(0);
    expect(loaded.filter((url) => /@langchain\/(?:core|langgraph)\//.test(url)).length).toBeGreaterThan(0);
    expect(loaded.filter((url) => heavy.test(url))).toEqual([]);
  });

  it("error codes, and whose matter each is", () => {
    const codes = surface.exports["."]!["CopeErrorCode"]!.words!;
    expect(codes.length).toBeGreaterThan(40);
    const isUsage = (code: string) => new CopeError(code as CopeErrorCode, "it failed.", "mend it.").isUsage;
    golden("error-codes", Object.fromEntries(codes.map((code) => [code, isUsage(code) ? "usage" : "run"])));
  });

  it("the exit code of each error code", async () => {
    ownEnvironment(temporaryFolder());
    const codes = surface.exports["."]!["CopeErrorCode"]!.words!;
    const exits: Record<string, number> = {};
    for (const code of codes) {
      const error = new CopeError(code as CopeErrorCode, "it failed.", "mend it.");
      const { exit, out, said } = await caught(() => printError(error, false));
      expect({ out, said }).toEqual({ out: "", said: `[${code}] it failed. Remedy: mend it.\n` });
      exits[code] = exit;
    }
    golden("error-exits", exits);
  });

  it("exit codes", () => golden("exit-codes", EXIT));

  it("the environment variables that are read", () => {
    const files = globSync("src/**/*.ts", { cwd: ROOT });
    const inCode = files.flatMap((file) => {
      // Not what a comment shows.
      const code = read(file).replaceAll(/^ *(?:\/?\*|\/\/).*$/gm, "");
      const byName = code.matchAll(/\benv(?:\.|\[")([A-Za-z_]*[A-Z_]{3,}|npm_\w+)\b/g);
      const taken = code.matchAll(/\{([\w, ]+)\} = process\.env\b/g);
      return [
        ...[...byName].map(([, name]) => name!),
        ...[...taken].flatMap(([, names]) => names!.trim().split(/, */)),
      ];
    });
    const keys = Object.values(KEY_VARIABLES).flat();
    golden("environment", { variables: [...new Set([...inCode, ...keys])].toSorted() });
  });
});

describe("what a thread of the command line was started with stays readable", () => {
  const LINES: Readonly<Record<string, Record<string, string>>> = {
    "no flag": {},
    "every flag": {
      family: "math",
      strategy: "cope:direct",
      small: "openai:gpt-4o-mini",
      large: "openai:gpt-4o",
      samples: "4",
      thresholds: "0.6,0.4",
      guideline: "critique",
      reasoning: "program",
      seed: "7",
      concurrency: "2",
      budgetUsd: "0.5",
      maxCalls: "20",
      timeout: "90",
      ask: "guideline,spending=0.01,leaving",
      scorer: "vote",
    },
  };

  it("in its saved options", () => {
    const saved = Object.entries(LINES).map(([name, flags]) => [name, parseFlags({ save: true, ...flags })]);
    golden("start-options", Object.fromEntries(saved));
  });
});
