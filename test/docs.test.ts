import { execFile, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import * as door from "../src/index.js";
import { startOllamaServer } from "./support/ollama-server.js";
import { startOpenAiServer } from "./support/openai-server.js";

const root = join(import.meta.dirname, "..");
// Inside the project, so that packages resolve as in a user's project; not in node_modules, where loaders take no TypeScript.
const folder = join(root, ".docs-test");
const pages = ["README.md", ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith(".md"),
);
/** Where a reader's imports lead. */
const PATHS = {
  "langgraph-cope": ["../src/index.ts"],
  "langgraph-cope/environments": ["../src/environments/index.ts"],
  "langgraph-cope/evaluation": ["../src/evaluation/index.ts"],
  "langgraph-cope/integrations": ["../src/integrations/index.ts"],
  "langgraph-cope/testing": ["../src/testing/index.ts"],
};
/** What packages lack that bring no types: a reader's program sees only what is built. */
const TYPES = ["../src/**/*.d.ts"];
const read = (page: string) => readFileSync(join(root, page), "utf8");

/** Programs of a page; a fragment gets the import that the page's reader has in mind. */
function programs(page: string): string[] {
  return [...read(page).matchAll(/^```ts\n(.*?)^```/gms)].map(([, code = ""]) => {
    const used = Object.keys(door).filter((name) => new RegExp(`\\b${name}\\b`).test(code));
    return code.includes('from "langgraph-cope')
      ? code
      : `import { ${used.join(", ")} } from "langgraph-cope";\n${code}`;
  });
}

describe("the docs", () => {
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("show programs that type-check", { timeout: 120_000 }, () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const files = pages.flatMap((page) =>
      programs(page).map((code, i) => {
        const file = `${page.replaceAll(/\W/g, "-")}-${i}.ts`;
        writeFileSync(join(folder, file), `${code}\nexport {};\n`);
        return file;
      }),
    );
    expect(files.length).toBeGreaterThan(5);
    const paths = PATHS;
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({ extends: "../tsconfig.json", compilerOptions: { paths }, include: TYPES, files }),
    );
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
    expect(stdout).toBe("");
  });

  it(
    "begin with a program that runs, with two provider strings and no embedded model",
    { timeout: 60_000 },
    async () => {
      const reply = "The final answer is $\\boxed{400}$.";
      const [ollama, openai] = [await startOllamaServer(() => reply), await startOpenAiServer(() => reply)];
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "readme.mts"), programs("README.md")[0]!);
      const paths = PATHS;
      writeFileSync(
        join(folder, "tsconfig.run.json"),
        JSON.stringify({ extends: "../tsconfig.json", compilerOptions: { paths } }),
      );
      const tsx = join(root, "node_modules", "tsx", "dist", "cli.mjs");
      const env = {
        ...process.env,
        OLLAMA_BASE_URL: ollama.origin,
        OPENAI_BASE_URL: openai.url,
        OPENAI_API_KEY: "sk-test-1234567890",
      };
      const args = [tsx, "--tsconfig", join(folder, "tsconfig.run.json"), join(folder, "readme.mts")];
      const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env });
      await Promise.all([ollama.close(), openai.close()]);
      expect(stderr).toBe("");
      const [answer, bill] = stdout.trim().split("\n");
      expect(answer).toBe("400 solo");
      // The small model is local; the large one, never asked, has a price.
      expect(bill).toMatch(/^0 0\.\d+$/);
    },
  );

  it("show a test that passes", { timeout: 60_000 }, async () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "shown.test.ts"), programs("docs/testing.md")[0]!);
    const alias = Object.entries(PATHS).map(([name, [file]]) => ({
      find: new RegExp(`^${name}$`).source,
      replacement: join(folder, file!),
    }));
    const config = `import { defineConfig } from "vitest/config";
      const alias = ${JSON.stringify(alias)}.map(({ find, replacement }) => ({ find: new RegExp(find), replacement }));
      export default defineConfig({ resolve: { alias }, test: { root: ${JSON.stringify(folder)}, include: ["shown.test.ts"] } });`;
    writeFileSync(join(folder, "vitest.config.mts"), config);
    const report = join(folder, "report.json");
    const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
    const args = [
      vitest,
      "run",
      "--config",
      join(folder, "vitest.config.mts"),
      "--reporter=json",
      `--outputFile=${report}`,
    ];
    await promisify(execFile)(process.execPath, args, { env: { ...process.env, VITEST: "" } });
    expect(JSON.parse(readFileSync(report, "utf8"))).toMatchObject({ numPassedTests: 1, numTotalTests: 1 });
  });

  it("has no blank left to be filled", () => {
    expect(pages.filter((page) => /@[A-Z]+@/.test(read(page)))).toEqual([]);
  });

  it("link to files that are there", () => {
    const broken = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
        .map(([, target = ""]) => join(root, page, "..", target))
        .filter((target) => !readdirSync(join(target, "..")).includes(target.split("/").at(-1)!)),
    );
    expect(broken).toEqual([]);
  });
});
