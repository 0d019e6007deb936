import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { EXIT } from "../../src/cli/output.js";
import { parseFlags } from "../../src/cli/solve-options.js";
import { CopeError, type CopeErrorCode } from "../../src/errors.js";
import { KEY_VARIABLES } from "../../src/models/providers.js";
import { golden } from "./golden.js";

const ROOT = resolve(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

const ENTRIES: Readonly<Record<string, string>> = {
  ".": "src/index.ts",
  "./environments": "src/environments/index.ts",
  "./evaluation": "src/evaluation/index.ts",
  "./integrations": "src/integrations/index.ts",
  "./testing": "src/testing/index.ts",
};

/** Names that a list of exports holds, values and types apart; an entry is nothing but such a list. */
function exportsOf(file: string) {
  const names = (keyword: string) =>
    [...read(file).matchAll(new RegExp(`^${keyword} \\{([^}]*)\\} from`, "gm"))]
      .flatMap(([, list]) => list!.split(","))
      .map((name) => name.trim().replace(/^.* as /, ""))
      .filter(Boolean)
      .toSorted();
  return { values: names("export"), types: names("export type") };
}

describe("what programs call stays as it is", () => {
  it("the names that each entry exports", async () => {
    const { exports } = JSON.parse(read("package.json")) as { exports: Record<string, unknown> };
    expect(
      Object.keys(exports)
        .filter((entry) => entry !== "./package.json")
        .toSorted(),
    ).toEqual(Object.keys(ENTRIES));
    const lists = Object.entries(ENTRIES).map(([entry, file]) => [entry, exportsOf(file)] as const);
    for (const [entry, { values }] of lists)
      expect(Object.keys((await import(join(ROOT, ENTRIES[entry]!))) as object).toSorted()).toEqual(values);
    golden("exports", Object.fromEntries(lists));
  });

  it("error codes, and whose matter each is", () => {
    const codes = [...read("src/errors.ts").matchAll(/^ {2}([A-Z_]+): "(?:usage|run)",$/gm)].map(([, code]) => code!);
    const isUsage = (code: string) => new CopeError(code as CopeErrorCode, "it failed.", "mend it.").isUsage;
    golden("error-codes", Object.fromEntries(codes.map((code) => [code, isUsage(code) ? "usage" : "run"])));
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
