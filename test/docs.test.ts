import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import * as door from "../src/index.js";

const root = join(import.meta.dirname, "..");
// Inside the project, so that packages resolve as in a user's project.
const folder = join(root, "node_modules", ".docs-test");
const pages = ["README.md", ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith(".md"),
);
const read = (page: string) => readFileSync(join(root, page), "utf8");

/** Programs of a page; a fragment gets the import that the page's reader has in mind. */
function programs(page: string): string[] {
  return [...read(page).matchAll(/^```ts\n(.*?)^```/gms)].map(([, code = ""]) => {
    const used = Object.keys(door).filter((name) => new RegExp(`\\b${name}\\b`).test(code));
    return code.includes('"langgraph-cope"') ? code : `import { ${used.join(", ")} } from "langgraph-cope";\n${code}`;
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
    const paths = { "langgraph-cope": ["../../src/index.ts"] };
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({ extends: "../../tsconfig.json", compilerOptions: { paths }, include: [], files }),
    );
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
    expect(stdout).toBe("");
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
